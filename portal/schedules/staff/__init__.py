"""The staff pages of schedules: sessions and their quick actions."""

from portal.schedules.staff import calendar
from portal.schedules.staff.sessions import PERMISSIONS, TRIES, staff, to_confirm

__all__ = ["PERMISSIONS", "TRIES", "calendar", "staff", "to_confirm"]
