"""News of the office: dated items with their sources and corrections, as a list, pages and a feed."""
