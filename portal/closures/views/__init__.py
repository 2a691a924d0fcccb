"""Staff pages on closures."""
