"""Editing a document: form, saving, merge, preview."""
