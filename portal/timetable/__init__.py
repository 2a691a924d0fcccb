"""Opening hours, holidays, recurrence and calendar files as pure functions of time; see `timetable.py`."""
