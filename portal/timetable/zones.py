"""Time zones by their database name, and the short labels that readers know them by."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# The names that CLDR prints ("Waktu Indonesia (Makassar)") are not the ones people use.
LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
    "UTC": "UTC",
}


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """The zone of that database name; raises ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{name!r} is not a time zone; write a name such as 'Asia/Makassar'"
        raise ValueError(message) from None


def zone_label(zone: ZoneInfo | str) -> str:
    """The short label of a zone (WIB, WITA, WIT); empty where readers have none for it."""
    return LABELS.get(zone if isinstance(zone, str) else zone.key, "")
