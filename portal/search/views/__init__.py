"""The pages of the search: results, the same as JSON, suggestions while typing."""
