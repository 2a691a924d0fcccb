"""What the site is made of and what is known of it: the list of parts, and the question for known weaknesses."""
