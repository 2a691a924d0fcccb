"""Sessions: series, recurrence, changes of single dates."""
