"""A document as a page: its texts with embeds filled, lists, cards, structured data."""
