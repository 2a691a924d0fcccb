"""Edits of an event's facts.yaml by one deed: moved, cancelled, revived, or drafted from a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from portal.content.facts import typed, yaml_of
from portal.events.event import EventFacts
from portal.events.models import OutreachRequest
from portal.events.requests import wished_dates


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
    facts = typed(yaml_of(text, path), EventFacts, path=path, zone=zone)
    yaml = _yaml()
    plain = yaml.load(text)
    edit(plain)
    plain["sequence"] = facts.sequence + 1
    plain["modified"] = now.astimezone(zone).isoformat(timespec="seconds")
    written = StringIO()
    yaml.dump(plain, written)
    found = written.getvalue()
    typed(yaml_of(found, path), EventFacts, path=path, zone=zone)
    return found


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    # Times stay as they are written; the loader would turn some of them into objects of its own.
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
    return yaml


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
        "registration": {"capacity": request.heads},
    }
    written = StringIO()
    _yaml().dump(facts, written)
    front = StringIO()
    _yaml().dump({"title": request.place, "summary": ""}, front)
    words = f"---\n{front.getvalue()}---\n"
    typed(yaml_of(written.getvalue(), "facts.yaml"), EventFacts, path="facts.yaml", zone=zone)
    return {"facts.yaml": written.getvalue(), "id.md": words}
