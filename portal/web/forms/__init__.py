"""Public forms: single-use tokens, limits per network."""
