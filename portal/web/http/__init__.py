"""Around every request: the Flask class, compression, error pages, media files."""
