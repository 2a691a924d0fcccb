"""The front page and the pages of the office itself: about, channels, coverage, topics, words, rules."""
