"""A closing is one deed: hours, sessions, events, calendar files, alert and messages change together, and back."""
