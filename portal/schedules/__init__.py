"""When, where and whether a service is open, true at the moment of reading; unknown hours are said to be unknown."""
