"""The files of a closing, and those by which it is undone without undoing what others changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.closures.plan import AlertPlan, Plan, SessionPlan
from portal.content.document import PRIMARY_LANGUAGE
from portal.content.markdown import compile_body
from portal.content.parsing import typed, yaml_of
from portal.content.yaml_editing import loaded, rewritten, yaml_text
from portal.events import calendar_sequences as events
from portal.events.event import EventFacts
from portal.schedules import edits as sessions
from portal.schedules.service import ServiceFacts
from portal.timetable.sessions.edits import edit_one
from portal.timetable.sessions.series import Series, SessionChange

Texts = Mapping[str, str]
# What a closing may write into one session and into one event; all else in them belongs to others.
SESSION_KEYS = ("cancelled", "moved_to", "reason")
EVENT_KEYS = ("starts", "ends", "was", "cancelled", "reason", "registration")
# An event that somebody gave another time since keeps that time, and the reason and terms that belong to it.
TIME_KEYS = ("starts", "ends", "was")


def closed(texts: Texts, plan: Plan, *, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The files as they are while it is closed; `texts` are the facts of everything that the plan names.

    Raises ContentError when one of them would be invalid.
    """
    found: dict[str, str] = {}
    for path, text in texts.items():
        kind, slug, _name = path.split("/")
        if kind == "schedules":
            found[path] = _closed_service(text, slug, plan, now=now, zone=zone, path=path)
    for one in plan.events:
        path = f"events/{one.slug}/facts.yaml"
        given: dict[str, Any] = {"reason": plan.reason, "now": now, "zone": zone, "path": path}
        if one.deed == "cancel":
            found[path] = events.cancelled(texts[path], **given)
        elif one.deed == "move" and one.to is not None:
            facts = _event(texts[path], path, zone)
            found[path] = events.moved(texts[path], starts=one.to, ends=one.to + (facts.ends - facts.starts), **given)
    if plan.alert is not None:
        files = _alert(plan.alert, starts=now, ends=plan.ends, zone=zone)
        found |= {f"alerts/{plan.alert.slug}/{name}": text for name, text in files.items()}
    return found


def _closed_service(text: str, slug: str, plan: Plan, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    number = _service(text, path, zone).sequence
    for one in plan.sessions:
        if one.slug == slug and one.deed != "keep":
            text = sessions.revised(text, one.series, _session_edit(one, plan), now=now, zone=zone, path=path)

    def edit(plain: Any, _facts: ServiceFacts) -> None:
        if slug in plan.services:
            entry = {"from": _minutes(plan.starts, zone), "until": _minutes(plan.ends, zone)}
            hours = plain.setdefault("hours", {})
            hours.setdefault("closures", []).append(entry | {"reason": dict(plan.reason)})
        _number(plain, number, now=now, zone=zone)

    return rewritten(text, ServiceFacts, edit, zone=zone, path=path)


def _session_edit(one: SessionPlan, plan: Plan) -> Callable[[Series], tuple[Series, ...]]:
    if one.deed == "move":
        return lambda series: (edit_one(series, one.day, moved_to=one.to, reason=dict(plan.reason)),)
    return lambda series: (edit_one(series, one.day, cancelled=True, reason=dict(plan.reason)),)


def _alert(alert: AlertPlan, *, starts: datetime, ends: datetime, zone: ZoneInfo) -> dict[str, str]:
    facts = {
        "status": "published",
        "severity": "major",
        "starts": _minutes(starts, zone),
        "ends": _minutes(ends, zone),
        "on": "site" if alert.on == "site" else [alert.on],
    }
    mark = compile_body("", words=dict(alert.words[PRIMARY_LANGUAGE])).translatable
    files = {"facts.yaml": yaml_text(facts)}
    for code, told in alert.words.items():
        front = dict(told) if code == PRIMARY_LANGUAGE else {**told, "translates": mark}
        files[f"{code}.md"] = f"---\n{yaml_text(front)}---\n"
    return files


def reopened(
    texts: Texts, plan: Plan, *, before: Texts, after: Texts, now: datetime, zone: ZoneInfo
) -> dict[str, str | None]:
    """The files by which a closing is undone: what it wrote goes, what others wrote since stays.

    `texts` are those of now, `before` and `after` those around the closing. Calendar files get the next number.
    """
    found: dict[str, str | None] = {path: None for path in after if path.startswith("alerts/") and path in texts}
    for path, text in texts.items():
        kind, slug, name = path.split("/")
        if name != "facts.yaml" or path not in after:
            continue
        if kind == "schedules":
            found[path] = _reopened_service(text, slug, plan, before[path], after[path], now=now, zone=zone, path=path)
        elif kind == "events":
            found[path] = _reopened_event(text, before[path], after[path], now=now, zone=zone, path=path)
    return found


def _reopened_service(
    text: str, slug: str, plan: Plan, before: str, after: str, *, now: datetime, zone: ZoneInfo, path: str
) -> str:
    number = _service(text, path, zone).sequence
    then, written = (_service(one, path, zone) for one in (before, after))
    for one in plan.sessions:
        if one.slug != slug or one.deed == "keep":
            continue
        old, made = _change(then, one.series, one.day), _change(written, one.series, one.day)

        def edit_session(
            series: Series, day: date = one.day, old: SessionChange = old, made: SessionChange = made
        ) -> tuple[Series, ...]:
            current = series.change_on(day) or SessionChange(day=day)
            back = {key: getattr(old, key) for key in SESSION_KEYS if getattr(current, key) == getattr(made, key)}
            return (edit_one(series, day, **back),)

        if any(
            series.id == one.series and one.day in series.original_dates()
            for series in _service(text, path, zone).sessions
        ):
            text = sessions.revised(text, one.series, edit_session, now=now, zone=zone, path=path)

    def edit(plain: Any, facts: ServiceFacts) -> None:
        own = [item for item in written.hours.closures if item not in then.hours.closures]
        gone = [index for index, item in enumerate(facts.hours.closures) if item in own]
        for index in reversed(gone):
            del plain["hours"]["closures"][index]
        if gone and not plain["hours"]["closures"]:
            del plain["hours"]["closures"]
        if "hours" in plain and not plain["hours"]:
            del plain["hours"]
        _number(plain, number, now=now, zone=zone)

    return rewritten(text, ServiceFacts, edit, zone=zone, path=path)


def _change(facts: ServiceFacts, series: str, day: date) -> SessionChange:
    found = next((one.change_on(day) for one in facts.sessions if one.id == series), None)
    return found or SessionChange(day=day)


def _reopened_event(text: str, before: str, after: str, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    then, made = yaml_of(before, path), yaml_of(after, path)
    plain_then = loaded(before)
    current = yaml_of(text, path)
    is_timed_as_closed = all(current.get(key) == made.get(key) for key in TIME_KEYS)
    keys = EVENT_KEYS if is_timed_as_closed else ("cancelled",)

    def edit(plain: Any, facts: EventFacts) -> None:
        for key in keys:
            if then.get(key) == made.get(key) or current.get(key) != made.get(key):
                continue
            if key in plain_then:
                plain[key] = plain_then[key]
            else:
                plain.pop(key, None)
        _number(plain, facts.sequence, now=now, zone=zone)

    return rewritten(text, EventFacts, edit, zone=zone, path=path)


def _number(plain: Any, number: int, *, now: datetime, zone: ZoneInfo) -> None:
    plain["sequence"] = number + 1
    plain["modified"] = now.astimezone(zone).isoformat(timespec="seconds")


def _service(text: str, path: str, zone: ZoneInfo) -> ServiceFacts:
    return typed(yaml_of(text, path), ServiceFacts, path=path, zone=zone)


def _event(text: str, path: str, zone: ZoneInfo) -> EventFacts:
    return typed(yaml_of(text, path), EventFacts, path=path, zone=zone)


def _minutes(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")
