"""Closing hours, sessions and events for a time as one publication, and undoing it."""
