"""Closings: hours, sessions, events, calendar files and an alert changed for a time by one publication, undone by one.

`plan` says what is affected and what happens to it, `apply` and `undo` make the files of both publications, `records`
stores published closings; all pure. `views` holds the wizard of two steps and the pages of published closings.
"""
