"""Edits of an event's facts.yaml by one deed: moved, cancelled, revived, or drafted from a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.content.parsing import typed, yaml_of
from portal.content.yaml_editing import rewritten, yaml_text
from portal.events.event import EventFacts
from portal.events.outreach.models import OutreachRequest
from portal.events.outreach.requests import wished_dates


def moved(
    text: str, *, starts: datetime, ends: datetime, reason: dict[str, str], now: datetime, zone: ZoneInfo, path: str
) -> str:
    """The text with a new time; the first one announced stays as what it was."""

    def edit(plain: Any) -> None:
        plain.setdefault("was", {"starts": plain["starts"], "ends": plain["ends"]})
        plain["starts"], plain["ends"] = _written(starts, zone), _written(ends, zone)
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
    """The text after the edit with `sequence` raised; raises ContentError when it is invalid before or after."""

    def edited(plain: Any, facts: EventFacts) -> None:
        edit(plain)
        plain["sequence"] = facts.sequence + 1
        plain["modified"] = now.astimezone(zone).isoformat(timespec="seconds")

    return rewritten(text, EventFacts, edited, zone=zone, path=path)


def _written(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")


def draft_of(request: OutreachRequest, *, zone: ZoneInfo, today: datetime) -> dict[str, str]:
    """The files of an event draft made from a request: where, for whom, how many, the first wished day.

    Nobody's name or contact goes into it: those stay with the request.
    """
    wished = wished_dates(request)
    day = wished[0] if wished else today.date()
    facts = {
        "status": "draft",
        "topics": [request.topic] if request.topic else [],
        "audience": [request.audience] if request.audience else [],
        "starts": f"{day}T09:00",
        "ends": f"{day}T11:00",
        "state": "planned",
        "venue": {"name": {"id": request.place}},
        "district": request.district,
        "partner": {"kind": "other", "name": {"id": request.host}},
        "registration": {"capacity": request.guests},
    }
    written = yaml_text(facts)
    typed(yaml_of(written, "facts.yaml"), EventFacts, path="facts.yaml", zone=zone)
    front = yaml_text({"title": request.place, "summary": ""})
    return {"facts.yaml": written, "id.md": f"---\n{front}---\n"}
