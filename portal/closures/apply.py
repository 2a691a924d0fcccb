"""The files by which a closing is published; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.closures.facts import raise_sequence, service_facts
from portal.closures.plan import AlertPlan, EventPlan, Plan, SessionPlan
from portal.content.document import PRIMARY_LANGUAGE, LocalText
from portal.content.markdown.compiler import compile_body
from portal.content.parsing import typed, yaml_of
from portal.content.yaml_editing import rewritten, yaml_text
from portal.events import calendar_sequences as event_edits
from portal.events.event import EventFacts
from portal.schedules import edits as session_edits
from portal.schedules.service import ServiceFacts
from portal.timetable.sessions.edits import edit_one
from portal.timetable.sessions.series import Series


def files_when_closed(texts: Mapping[str, str], plan: Plan, *, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The new text of each file that the closing changes or adds, by path.

    `texts` are the facts of everything that the plan names. Raises ContentError when one would be invalid.
    """
    files: dict[str, str] = {}
    for path, text in texts.items():
        kind, slug, _name = path.split("/")
        if kind == "schedules":
            files[path] = _closed_service(text, slug, plan, now=now, zone=zone, path=path)
    for event in plan.events:
        path = f"events/{event.slug}/facts.yaml"
        if event.action != "keep":
            files[path] = _changed_event(texts[path], event, plan, now=now, zone=zone, path=path)
    if plan.alert is not None:
        alert = _alert_files(plan.alert, starts=now, ends=plan.ends, zone=zone)
        files |= {f"alerts/{plan.alert.slug}/{name}": text for name, text in alert.items()}
    return files


def _changed_event(text: str, event: EventPlan, plan: Plan, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    if event.action == "cancel":
        return event_edits.cancelled(text, reason=plan.reason, now=now, zone=zone, path=path)
    assert event.to is not None
    facts = typed(yaml_of(text, path), EventFacts, path=path, zone=zone)
    ends = event.to + (facts.ends - facts.starts)
    return event_edits.moved(text, starts=event.to, ends=ends, reason=plan.reason, now=now, zone=zone, path=path)


def _closed_service(text: str, slug: str, plan: Plan, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    sequence = service_facts(text, path, zone).sequence
    for session in plan.sessions:
        if session.slug == slug and session.action != "keep":
            text = session_edits.edit_series(
                text, session.series, _session_edit(session, plan), now=now, zone=zone, path=path
            )

    def edit(plain: Any, _facts: ServiceFacts) -> None:
        if slug in plan.services:
            closure = {"from": _to_the_minute(plan.starts, zone), "until": _to_the_minute(plan.ends, zone)}
            hours = plain.setdefault("hours", {})
            hours.setdefault("closures", []).append(closure | {"reason": dict(plan.reason)})
        raise_sequence(plain, sequence, now=now, zone=zone)

    return rewritten(text, ServiceFacts, edit, zone=zone, path=path)


def _session_edit(session: SessionPlan, plan: Plan) -> Callable[[Series], tuple[Series, ...]]:
    if session.action == "move":
        return lambda series: (edit_one(series, session.day, moved_to=session.to, reason=LocalText(plan.reason)),)
    return lambda series: (edit_one(series, session.day, cancelled=True, reason=LocalText(plan.reason)),)


def _alert_files(alert: AlertPlan, *, starts: datetime, ends: datetime, zone: ZoneInfo) -> dict[str, str]:
    facts = {
        "status": "published",
        "severity": "major",
        "starts": _to_the_minute(starts, zone),
        "ends": _to_the_minute(ends, zone),
        "on": "site" if alert.on == "site" else [alert.on],
    }
    digest = compile_body("", words=dict(alert.words[PRIMARY_LANGUAGE])).translatable
    files = {"facts.yaml": yaml_text(facts)}
    for code, words in alert.words.items():
        front_matter = dict(words) if code == PRIMARY_LANGUAGE else {**words, "translates": digest}
        files[f"{code}.md"] = f"---\n{yaml_text(front_matter)}---\n"
    return files


def _to_the_minute(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="minutes")
