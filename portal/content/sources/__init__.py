"""Where content is read from: a folder in development, a bare git repository in production."""
