"""Reviewing, publishing, history."""
