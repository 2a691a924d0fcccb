"""Queries: plan, scores, ranking, spelling, snippets."""
