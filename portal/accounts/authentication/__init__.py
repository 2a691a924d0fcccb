"""Signing in: forms, second factor, throttle, sessions, guard."""
