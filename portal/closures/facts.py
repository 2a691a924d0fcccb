"""What applying and undoing a closing share: typed facts of a service, and the sequence of calendar files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.content.parsing import typed, yaml_of
from portal.schedules.service import ServiceFacts


def service_facts(text: str, path: str, zone: ZoneInfo) -> ServiceFacts:
    """The typed facts of a service; raises ContentError when they are invalid."""
    return typed(yaml_of(text, path), ServiceFacts, path=path, zone=zone)


def raise_sequence(plain: Any, sequence: int, *, now: datetime, zone: ZoneInfo) -> None:
    """Set the sequence after `sequence`, whatever single edits made of it: readers' calendars see one change."""
    plain["sequence"] = sequence + 1
    plain["modified"] = now.astimezone(zone).isoformat(timespec="seconds")
