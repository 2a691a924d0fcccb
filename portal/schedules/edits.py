"""Edits of sessions in the text of a service's facts.yaml, for the staff pages, the commands and closures.

Comments and order of the text stay. An edit of a time, place or state raises `sequence` and sets `modified`, by which
calendar programs know a newer entry; a report of places does not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from portal.content.parsing import instant_of
from portal.content.yaml_editing import rewritten
from portal.schedules.service import ServiceFacts
from portal.timetable.sessions.edits import edit_one
from portal.timetable.sessions.series import Quota, Series

# Gives the series that take the place of one: itself edited, two (a date and all that follow), or none.
SeriesEdit = Callable[[Series], tuple[Series, ...]]


class NoSuchSeries(ValueError):
    """The service has no series of that id."""


def edit_series(
    text: str, series_id: str, edit: SeriesEdit, *, zone: ZoneInfo, path: str, now: datetime | None = None
) -> str:
    """The text with one series edited; with `now`, `sequence` is raised and `modified` set to it.

    Raises ContentError when the text is no valid facts.yaml before or after, NoSuchSeries, and whatever the edit
    raises.
    """

    def apply(plain: Any, facts: ServiceFacts) -> None:
        ids = [series.id for series in facts.sessions]
        if series_id not in ids:
            raise NoSuchSeries(f"{path} has no series '{series_id}'; it has: {', '.join(ids) or 'none'}")
        index = ids.index(series_id)
        edited = edit(facts.sessions[index])
        plain["sessions"][index : index + 1] = [yaml_value(msgspec.to_builtins(s, enc_hook=_instant)) for s in edited]
        if now is not None:
            plain["sequence"] = facts.sequence + 1
            plain["modified"] = now.astimezone(zone).isoformat(timespec="seconds")

    return rewritten(text, ServiceFacts, apply, zone=zone, path=path)


def report_places(
    text: str, series_id: str, day: date, quota_of: Callable[[Quota | None], Quota], *, zone: ZoneInfo, path: str
) -> str:
    """The text with the places of one session that `quota_of` makes of those in the text; raises as `edit_series`."""

    def edit(series: Series) -> tuple[Series, ...]:
        change = series.change_on(day)
        return (edit_one(series, day, quota=quota_of((change.quota if change else None) or series.quota)),)

    return edit_series(text, series_id, edit, zone=zone, path=path)


def reported_quota(*, total: int, taken: int, now: datetime) -> Quota:
    """The places as staff report them at `now`; raises ValueError below zero."""
    return Quota(total=total, taken=taken, as_of=instant_of(now.isoformat(), ZoneInfo("UTC")))


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    raise NotImplementedError(type(value))


def yaml_value(value: Any) -> Any:
    """The builtin value as it is written: without empty keys, and "08:00" in quotes."""
    if isinstance(value, dict):
        items = {key: yaml_value(item) for key, item in value.items()}
        # Zero equals False, yet "none taken" must be written.
        return {key: item for key, item in items.items() if item is not False and item not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [yaml_value(item) for item in value]
    # Without quotes it is a number in base sixty for some YAML readers.
    return DoubleQuotedScalarString(value) if isinstance(value, str) and ":" in value else value
