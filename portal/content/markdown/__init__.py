"""Markdown with a few blocks for editors becomes clean HTML with placeholders for dated values."""
