"""Staff pages on reference values."""
