"""Edits of an event's facts.yaml that raise the sequence of its calendar file: moved, cancelled, revived.

Each raises ContentError when the file is invalid before or after.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.content.yaml_editing import rewritten
from portal.events.event import EventFacts


def moved(
    text: str, *, starts: datetime, ends: datetime, reason: dict[str, str], now: datetime, zone: ZoneInfo, path: str
) -> str:
    """The text with a new time; the first announced one stays under `was`."""

    def edit(plain: Any) -> None:
        plain.setdefault("was", {"starts": plain["starts"], "ends": plain["ends"]})
        plain["starts"], plain["ends"] = _local_time(starts, zone), _local_time(ends, zone)
        plain["reason"] = dict(reason)
        _close_before(plain, starts, zone=zone)

    return _revised(text, edit, now=now, zone=zone, path=path)


def cancelled(text: str, *, reason: dict[str, str], now: datetime, zone: ZoneInfo, path: str) -> str:
    """The text of an event that does not take place."""

    def edit(plain: Any) -> None:
        plain["cancelled"] = True
        plain["reason"] = dict(reason)

    return _revised(text, edit, now=now, zone=zone, path=path)


def revived(text: str, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    """The text of an event that takes place after all."""

    def edit(plain: Any) -> None:
        plain.pop("cancelled", None)
        if "was" not in plain:
            plain.pop("reason", None)

    return _revised(text, edit, now=now, zone=zone, path=path)


def _close_before(plain: Any, starts: datetime, *, zone: ZoneInfo) -> None:
    # A closing time that now lies after the start would be wrong; registration ends at the start by itself.
    registration = plain.get("registration")
    if registration and "closes" in registration:
        closes = datetime.fromisoformat(str(registration["closes"]))
        if (closes if closes.tzinfo else closes.replace(tzinfo=zone)) >= starts:
            del registration["closes"]


def _revised(text: str, edit: Callable[[Any], None], *, now: datetime, zone: ZoneInfo, path: str) -> str:
    def edited(plain: Any, facts: EventFacts) -> None:
        edit(plain)
        plain["sequence"] = facts.sequence + 1
        plain["modified"] = now.astimezone(zone).isoformat(timespec="seconds")

    return rewritten(text, EventFacts, edited, zone=zone, path=path)


def _local_time(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="minutes")
