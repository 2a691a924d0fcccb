"""The builder's hours and series put into the text of a service's facts.yaml; what means the same keeps its lines."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from portal.content.parsing import typed, yaml_of
from portal.content.yaml_editing import PlainScalar, loaded_mapping, yaml_text
from portal.desk.schedule_builder import hours_form, series_form
from portal.schedules.edits import yaml_value
from portal.schedules.service import ServiceFacts
from portal.timetable.hours import UNKNOWN
from portal.timetable.opening_hours_spec import OpeningHoursSpec
from portal.timetable.sessions.series import Series

PATH = "facts.yaml"
# Where a service stands and whose hours it has; saved with the hours.
PLACEMENT_KEYS = ("group", "place", "follows")
HOURS_KEYS = ("weekly", "since", "seasons", "holidays", "exceptions", "closures")


def facts_of(text: str, zone: ZoneInfo) -> ServiceFacts:
    """The typed facts; raises ContentError."""
    return typed(yaml_of(text, PATH), ServiceFacts, path=PATH, zone=zone)


def with_hours(text: str, hours: Mapping[str, Any], *, zone: ZoneInfo) -> str:
    """The text with these hours; only keys whose meaning differs are written. Raises ContentError."""
    before = hours_form.normal(facts_of(text, zone).hours)
    after = hours_form.normal(typed(dict(hours), OpeningHoursSpec, path=PATH, zone=zone))
    changed = [key for key, old, new in zip(HOURS_KEYS, before, after, strict=True) if old != new]
    if not changed:
        return text
    plain = loaded_mapping(text)
    written = plain.setdefault("hours", CommentedMap())
    for key in changed:
        if key in hours:
            written[key] = _plain(hours[key])
        else:
            written.pop(key, None)
    if not written:
        del plain["hours"]
    return yaml_text(plain)


def with_placement(text: str, choices: Mapping[str, str]) -> str:
    """The text with these values of PLACEMENT_KEYS; an empty one takes its key away."""
    plain = loaded_mapping(text)
    changed = {key: value for key, value in choices.items() if str(plain.get(key, "")) != value}
    for key, value in changed.items():
        if value:
            plain[key] = value
        else:
            del plain[key]
    return yaml_text(plain) if changed else text


def with_series(text: str, id_: str, series: Mapping[str, Any] | None, *, zone: ZoneInfo) -> str:
    """The text with this series in the place of the one of that id, or at the end; None takes it away."""
    facts = facts_of(text, zone)
    index = next((at for at, one in enumerate(facts.sessions) if one.id == id_), None)
    if series is not None:
        edited = typed(dict(series), Series, path=PATH, zone=zone)
        if index is not None and series_form.normal(edited) == series_form.normal(facts.sessions[index]):
            return text
    plain = loaded_mapping(text)
    rows = plain.setdefault("sessions", CommentedSeq())
    if series is None:
        if index is not None:
            del rows[index]
    elif index is None:
        rows.append(_plain(series))
    else:
        rows[index] = _plain(series)
    if not rows:
        del plain["sessions"]
    edited_text = yaml_text(plain)
    facts_of(edited_text, zone)
    return edited_text


def part_digest(text: str, part: str) -> str:
    """A digest of the hours with the placement (`hours`) or of the series of that id; another one tells of a change."""
    plain = loaded_mapping(text)
    if part == "hours":
        value = [plain.get(key) for key in ("hours", *PLACEMENT_KEYS)]
    else:
        value = [one for one in plain.get("sessions", []) if one["id"] == part]
    return sha256(repr(value).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """The value as the project writes it: days without quotes, clock times with them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str) and len(value) == 10 and value[4:8:3] == "--" and value != UNKNOWN:
        return PlainScalar(value)
    return yaml_value(value)
