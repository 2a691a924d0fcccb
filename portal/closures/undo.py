"""The files by which a closing is undone, without undoing what others changed since; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.closures.facts import raise_sequence, service_facts
from portal.closures.plan import Plan, SessionPlan
from portal.content.parsing import plain_mapping
from portal.content.yaml_editing import loaded_mapping, rewritten
from portal.events.event import EventFacts
from portal.schedules import edits as session_edits
from portal.schedules.service import ServiceFacts
from portal.timetable.sessions.edits import edit_one
from portal.timetable.sessions.series import Series, SessionChange

Texts = Mapping[str, str]
# What a closing may write into one session and into one event; all else in them belongs to others.
SESSION_KEYS = ("cancelled", "moved_to", "reason")
EVENT_KEYS = ("starts", "ends", "was", "cancelled", "reason", "registration")
# An event that somebody gave another time since keeps that time, and the reason and terms that belong to it.
TIME_KEYS = ("starts", "ends", "was")


def files_when_undone(
    texts: Texts, plan: Plan, *, before: Texts, after: Texts, now: datetime, zone: ZoneInfo
) -> dict[str, str | None]:
    """The new text of each file, None for one that is removed: what the closing wrote goes, later edits stay.

    `texts` are those of now, `before` and `after` those around the closing. Calendar files get the next sequence.
    Raises ContentError when one would be invalid.
    """
    files: dict[str, str | None] = {path: None for path in after if path.startswith("alerts/") and path in texts}
    for path, text in texts.items():
        kind, slug, name = path.split("/")
        if name != "facts.yaml" or path not in after:
            continue
        if kind == "schedules":
            files[path] = _reopened_service(text, slug, plan, before[path], after[path], now=now, zone=zone, path=path)
        elif kind == "events":
            files[path] = _reopened_event(text, before[path], after[path], now=now, zone=zone, path=path)
    return files


def _reopened_service(
    text: str, slug: str, plan: Plan, before: str, after: str, *, now: datetime, zone: ZoneInfo, path: str
) -> str:
    sequence = service_facts(text, path, zone).sequence
    facts_before, facts_after = service_facts(before, path, zone), service_facts(after, path, zone)
    for session in plan.sessions:
        if session.slug == slug and session.action != "keep":
            text = _reopened_session(text, session, facts_before, facts_after, now=now, zone=zone, path=path)

    def edit(plain: Any, facts: ServiceFacts) -> None:
        added = [closure for closure in facts_after.hours.closures if closure not in facts_before.hours.closures]
        indexes = [index for index, closure in enumerate(facts.hours.closures) if closure in added]
        for index in reversed(indexes):
            del plain["hours"]["closures"][index]
        if indexes and not plain["hours"]["closures"]:
            del plain["hours"]["closures"]
        if "hours" in plain and not plain["hours"]:
            del plain["hours"]
        raise_sequence(plain, sequence, now=now, zone=zone)

    return rewritten(text, ServiceFacts, edit, zone=zone, path=path)


def _reopened_session(
    text: str,
    session: SessionPlan,
    facts_before: ServiceFacts,
    facts_after: ServiceFacts,
    *,
    now: datetime,
    zone: ZoneInfo,
    path: str,
) -> str:
    """The text with the session as before; unchanged when its series does not give that day any more."""
    series_now = service_facts(text, path, zone).sessions
    if not any(series.id == session.series and session.day in series.original_dates() for series in series_now):
        return text
    before, after = (_change(facts, session.series, session.day) for facts in (facts_before, facts_after))

    def edit(series: Series) -> tuple[Series, ...]:
        current = series.change_on(session.day) or SessionChange(day=session.day)
        restored = {key: getattr(before, key) for key in SESSION_KEYS if getattr(current, key) == getattr(after, key)}
        return (edit_one(series, session.day, **restored),)

    return session_edits.edit_series(text, session.series, edit, now=now, zone=zone, path=path)


def _change(facts: ServiceFacts, series_id: str, day: date) -> SessionChange:
    change = next((series.change_on(day) for series in facts.sessions if series.id == series_id), None)
    return change or SessionChange(day=day)


def _reopened_event(text: str, before: str, after: str, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    values_before, values_after, values_now = (plain_mapping(one, path) for one in (before, after, text))
    plain_before = loaded_mapping(before)
    is_timed_as_closed = all(values_now.get(key) == values_after.get(key) for key in TIME_KEYS)
    keys = EVENT_KEYS if is_timed_as_closed else ("cancelled",)

    def edit(plain: Any, facts: EventFacts) -> None:
        for key in keys:
            if values_before.get(key) == values_after.get(key) or values_now.get(key) != values_after.get(key):
                continue
            if key in plain_before:
                plain[key] = plain_before[key]
            else:
                plain.pop(key, None)
        raise_sequence(plain, facts.sequence, now=now, zone=zone)

    return rewritten(text, EventFacts, edit, zone=zone, path=path)
