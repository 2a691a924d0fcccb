"""The library on the desk: what is published, what waits for a second reader, and the decisions about it."""

from portal.media.staff import library, review
from portal.media.staff.blueprint import PERMISSIONS, staff

__all__ = ["PERMISSIONS", "library", "review", "staff"]
