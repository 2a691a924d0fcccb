"""Drafts of documents: tables, saving without loss, workflow, merge, differences, translation status."""
