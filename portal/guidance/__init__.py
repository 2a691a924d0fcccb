"""Guides: how to get something done, in parts that have addresses of their own."""
