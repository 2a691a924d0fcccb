"""Answering a query: plan, scores, ranking, spelling, snippets."""
