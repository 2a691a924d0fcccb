"""Content as typed documents and dated references, read from a folder or a repository; pure: it imports no Flask."""
