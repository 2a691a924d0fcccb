"""Tests of drafts and their workflow."""
