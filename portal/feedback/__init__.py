"""What readers tell the office: whether a page helped, and what they ask; numbers stay, people do not."""
