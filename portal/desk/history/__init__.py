"""What became of a page: its published changes, older texts restored, pages withdrawn; publications of all pages."""
