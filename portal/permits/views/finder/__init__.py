"""Pages of the finder: its questions as forms, its answers, and the same answers as data."""
