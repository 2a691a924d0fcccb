"""Registrations for events: seats, waiting list, attendance, notifications, purge."""
