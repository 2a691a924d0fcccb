"""The index files: entries, segments, merging, generations, the memory-mapped view."""
