"""Links that lead out of the site: looked at by night, and only where our own content points."""
