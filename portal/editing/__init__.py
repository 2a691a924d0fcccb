"""The staff desk: what is typed is never lost, and what is published went through the same reader as the site."""
