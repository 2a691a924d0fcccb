"""Edits of sessions in the text of a facts.yaml: comments and order stay, the sequence number grows."""

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

Edit = Callable[[Series], tuple[Series, ...]]


class NoSuchSeries(ValueError):
    """The service has no series of that id."""


def revised(text: str, series: str, edit: Edit, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    """The text with one series edited, `sequence` raised and `modified` set to `now`.

    An edit may give two series (this and the following dates), or none. Raises ContentError when the text
    is not a valid facts.yaml before or after, NoSuchSeries, and whatever the edit raises.
    """
    return _revised(text, series, edit, zone=zone, path=path, bump=now)


def reported(*, total: int, taken: int, now: datetime) -> Quota:
    """The places as staff report them at `now`; raises ValueError below zero."""
    return Quota(total=total, taken=taken, as_of=instant_of(now.isoformat(), ZoneInfo("UTC")))


def with_quota(text: str, series: str, day: date, quota: Quota, *, zone: ZoneInfo, path: str) -> str:
    """The text with the places of one session as last reported; calendar files do not change by it."""
    return _revised(text, series, lambda found: (edit_one(found, day, quota=quota),), zone=zone, path=path, bump=None)


def with_count(
    text: str, series: str, day: date, count: Callable[[Quota | None], Quota], *, zone: ZoneInfo, path: str
) -> str:
    """The text with the places that `count` makes of those in the text itself; raises whatever it raises."""

    def edit(found: Series) -> tuple[Series, ...]:
        change = found.change_on(day)
        return (edit_one(found, day, quota=count((change.quota if change else None) or found.quota)),)

    return _revised(text, series, edit, zone=zone, path=path, bump=None)


def _revised(text: str, series: str, edit: Edit, *, zone: ZoneInfo, path: str, bump: datetime | None) -> str:
    def edited(plain: Any, facts: ServiceFacts) -> None:
        ids = [item.id for item in facts.sessions]
        if series not in ids:
            raise NoSuchSeries(f"{path} has no series '{series}'; it has: {', '.join(ids) or 'none'}")
        index = ids.index(series)
        plain["sessions"][index : index + 1] = [_plain(item) for item in edit(facts.sessions[index])]
        if bump is not None:
            plain["sequence"] = facts.sequence + 1
            plain["modified"] = bump.astimezone(zone).isoformat(timespec="seconds")

    return rewritten(text, ServiceFacts, edited, zone=zone, path=path)


def _plain(series: Series) -> Any:
    return _quoted(_without_defaults(msgspec.to_builtins(series, enc_hook=_instant)))


def _instant(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    raise NotImplementedError(type(value))


def _without_defaults(value: Any) -> Any:
    if isinstance(value, dict):
        cleaned = {key: _without_defaults(item) for key, item in value.items()}
        # Zero equals False, yet "none taken" must be written.
        return {key: item for key, item in cleaned.items() if item is not False and item not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_without_defaults(item) for item in value]
    return value


def _quoted(value: Any) -> Any:
    # "08:00" without quotes is a number in base sixty for some YAML readers.
    if isinstance(value, dict):
        return {key: _quoted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_quoted(item) for item in value]
    if isinstance(value, str) and ":" in value:
        return DoubleQuotedScalarString(value)
    return value
