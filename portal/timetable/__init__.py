"""Hours, holidays, recurrence and calendar files as pure functions of time; this package knows no room."""
