"""Schedules as pages show them: status texts, tables, presenters."""
