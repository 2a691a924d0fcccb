"""The finder turns a reader's answers into one permit by a decision table; it knows no clock and no web page."""
