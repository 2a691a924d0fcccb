"""Passkeys of members of staff: adding, removing, signing in with them."""
