"""Requests for an outreach event: states, notes, drafts of events, their purge."""
