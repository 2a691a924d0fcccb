"""Everything that cannot be made again in one verified file, and back: the content with its history, and the tables."""
