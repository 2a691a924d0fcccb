"""The opening hours of a service as the fields of a form, and the fields as hours again; every layer is reachable.

Names: `w.<day>` weekly hours, `s.<n>` seasons, `h.<kind>` holidays, `e.<n>` exceptions, `c.<n>` closures, each with
`.<n>.from`, `.to` and `.last` for its slots.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from portal.content.document import LocalText
from portal.desk.schedule_builder.values import (
    DAY_MINUTES,
    FormReader,
    Values,
    day_value,
    local_values,
    slot_text,
    slots_values,
)
from portal.timetable.hours import CLOSED, DAYS, UNKNOWN, Slot, day_hours, slots_of
from portal.timetable.layers import Week, week_of
from portal.timetable.opening_hours_spec import LONGEST, DatedException, OpeningHoursSpec, Weekly
from portal.web.languages import gettext as _

OPEN, NONE, WEEKLY = "open", "none", "weekly"
HOLIDAY_KINDS = ("national", "collective-leave", "regional")
EFFECTS = ("closed", "between", "hours", "extra", "moved", "unknown")
LISTS = ("s", "e", "c")


def hours_values(spec: OpeningHoursSpec) -> Values:
    """The fields that show these hours."""
    values: Values = {"since": day_value(spec.since), **_weekly_values("w", spec.weekly)}
    for number, season in enumerate(spec.seasons):
        name = f"s.{number}"
        values |= {f"{name}.first": day_value(season.first), f"{name}.last": day_value(season.last)}
        values |= local_values(f"{name}.name", season.name) | _weekly_values(f"{name}.w", season.weekly)
    values["h.mode"] = ["own" if spec.holidays else NONE]
    for kind in HOLIDAY_KINDS if spec.holidays else ():
        rule = spec.holidays.of(kind) if spec.holidays else CLOSED
        slots = day_hours(rule) if rule not in (OPEN, CLOSED, UNKNOWN) else None
        values[f"h.{kind}.state"] = ["hours" if slots else CLOSED if isinstance(rule, tuple) else rule]
        values |= slots_values(f"h.{kind}", slots or ())
    for number, exception in enumerate(spec.exceptions):
        values |= _exception_values(f"e.{number}", exception)
    for number, closure in enumerate(spec.closures):
        name = f"c.{number}"
        values |= {f"{name}.first": [closure.first.isoformat()], f"{name}.last": [closure.last.isoformat()]}
        values |= local_values(f"{name}.reason", closure.reason)
    return values


def hours_of(reader: FormReader) -> dict[str, Any]:
    """The hours of the form as facts.yaml holds them; rows with errors are left out."""
    hours: dict[str, Any] = {}
    weekly = _weekly_of(reader, "w")
    if weekly is not None:
        hours["weekly"] = weekly
    if since := reader.day("since", required=False):
        hours["since"] = since.isoformat()
    hours["seasons"] = [season for row in reader.rows("s") if (season := _season(reader, f"s.{row}"))]
    if reader.text("h.mode") == "own":
        hours["holidays"] = {kind: _holiday(reader, f"h.{kind}") for kind in HOLIDAY_KINDS}
    hours["exceptions"] = _exceptions(reader)
    hours["closures"] = [closure for row in reader.rows("c") if (closure := _closure(reader, f"c.{row}"))]
    _require_apart(reader, "s", [(item["from"], item["to"]) for item in hours["seasons"]])
    return {key: value for key, value in hours.items() if value != []}


def normal(spec: OpeningHoursSpec) -> tuple[Any, ...]:
    """The hours without the ways in which the same can be written, by key: two equal ones mean the same."""
    weekly = None if spec.weekly is None else week_of(spec.weekly)
    seasons = [(_blankless(one.name), one.first, one.last, week_of(one.weekly)) for one in spec.seasons]
    rules = spec.holidays and [
        rule if rule == OPEN else day_hours(rule) for rule in map(spec.holidays.of, HOLIDAY_KINDS)
    ]
    exceptions = [
        (
            *(*one.days, one.closed, slots_of(one.between), slots_of(one.hours), slots_of(one.extra)),
            *(one.moved_to, one.unknown, _blankless(one.reason)),
        )
        for one in spec.exceptions
    ]
    closures = [(one.first, one.last, _blankless(one.reason)) for one in spec.closures]
    return weekly, spec.since, seasons, rules, exceptions, closures


def _blankless(texts: LocalText) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def _weekly_values(name: str, weekly: Weekly | None) -> Values:
    if weekly is None or weekly == UNKNOWN:
        return {f"{name}.mode": [NONE if weekly is None else UNKNOWN]}
    values: Values = {f"{name}.mode": [WEEKLY]}
    for day, slots in zip(DAYS, week_of(weekly), strict=True):
        values[f"{name}.{day}.state"] = [UNKNOWN if slots is None else OPEN if slots else CLOSED]
        values |= slots_values(f"{name}.{day}", slots or ())
    return values


def _weekly_of(reader: FormReader, name: str) -> dict[str, Any] | str | None:
    mode = reader.text(f"{name}.mode")
    if mode != WEEKLY:
        if any(reader.text(f"{name}.{day}.{row}.from") for day in DAYS for row in reader.rows(f"{name}.{day}")):
            reader.fail(f"{name}.mode", _("There are hours below. Choose “by weekday”, or take them away."))
        return UNKNOWN if mode == UNKNOWN else None
    week: list[tuple[Slot, ...] | None] = []
    for day in DAYS:
        state = reader.text(f"{name}.{day}.state")
        slots = tuple(reader.slots(f"{name}.{day}", required=state == OPEN))
        if slots and state != OPEN:
            reader.fail(f"{name}.{day}.0.from", _("There are hours here. Choose “open”, or take the hours away."))
        week.append(None if state == UNKNOWN else slots if state == OPEN else ())
    for index, day_slots in enumerate(week):
        following = week[(index + 1) % 7]
        if day_slots and following and day_slots[-1].closes - DAY_MINUTES > following[0].opens:
            reader.fail(f"{name}.{DAYS[index]}.0.to", _("This runs past midnight into the hours of the next day."))
    return _by_ranges(tuple(week))


def _by_ranges(week: Week) -> dict[str, Any]:
    """The week with equal neighbouring days under one key; closed days are not named unless all are."""
    ranges: dict[str, Any] = {}
    start = 0
    for index in range(1, 8):
        if index < 7 and week[index] == week[start]:
            continue
        slots = week[start]
        key = DAYS[start] if start == index - 1 else f"{DAYS[start]}-{DAYS[index - 1]}"
        if slots is None:
            ranges[key] = UNKNOWN
        elif slots:
            ranges[key] = [slot_text(slot) for slot in slots]
        start = index
    return ranges or {"mon-sun": CLOSED}


def _season(reader: FormReader, name: str) -> dict[str, Any] | None:
    title = reader.local(f"{name}.name")
    if not title and not reader.text(f"{name}.first") and not reader.text(f"{name}.last"):
        return None
    title = reader.local(f"{name}.name", required=True)
    first, last = reader.day(f"{name}.first"), reader.day(f"{name}.last")
    weekly = _weekly_of(reader, f"{name}.w")
    if weekly is None:
        reader.fail(f"{name}.w.mode", _("Enter the hours, or choose “not confirmed”."))
    if not (first and last and weekly and title and _is_range(reader, f"{name}.last", first, last)):
        return None
    return {"name": title, "from": first.isoformat(), "to": last.isoformat(), "weekly": weekly}


def _holiday(reader: FormReader, name: str) -> Any:
    state = reader.text(f"{name}.state")
    if state == "hours":
        return [slot_text(slot) for slot in reader.slots(name, required=True)]
    return state if state in (OPEN, UNKNOWN) else CLOSED


def _exception_values(name: str, exception: DatedException) -> Values:
    first, last = exception.days
    effect = (
        "between" if exception.between else "closed" if exception.closed else "unknown" if exception.unknown else ""
    )
    effect = effect or ("moved" if exception.moved_to else "extra" if exception.extra else "hours")
    slots = slots_of(exception.between or exception.extra or exception.hours)
    values = {
        f"{name}.first": day_value(first),
        f"{name}.last": day_value(last if last != first else None),
        f"{name}.effect": [effect],
        f"{name}.moved": day_value(exception.moved_to),
    }
    return values | slots_values(name, slots) | local_values(f"{name}.reason", exception.reason)


def _exceptions(reader: FormReader) -> list[dict[str, Any]]:
    exceptions: list[dict[str, Any]] = []
    taken: dict[date, str] = {}
    for row in reader.rows("e"):
        name = f"e.{row}"
        texts = [reader.text(f"{name}.{key}") for key in ("first", "last", "moved", "0.from")]
        if not any(texts) and not reader.local(f"{name}.reason"):
            continue
        item = _exception(reader, name)
        if item is None:
            continue
        days = _days_of(item)
        if any(day in taken for day in days):
            reader.fail(f"{name}.first", _("One of these days has another exception already."))
            continue
        taken |= dict.fromkeys(days, name)
        exceptions.append(item)
    return exceptions


def _exception(reader: FormReader, name: str) -> dict[str, Any] | None:
    first, last = reader.day(f"{name}.first"), reader.day(f"{name}.last", required=False)
    effect = reader.text(f"{name}.effect")
    slots = reader.slots(name, required=effect in ("between", "hours", "extra"))
    if effect not in EFFECTS:
        reader.fail(f"{name}.effect", _("Choose what happens on this day."))
    if slots and effect in ("closed", "unknown"):
        reader.fail(f"{name}.0.from", _("There are hours here, but the whole day is meant. Take them away."))
    if first is None or effect not in EFFECTS or (last and not _is_range(reader, f"{name}.last", first, last)):
        return None
    is_one_day = last is None or last == first
    days = {"date": first.isoformat()} if is_one_day else {"from": first.isoformat(), "to": str(last)}
    item: dict[str, Any] = {**days, **_effect(reader, name, effect, [slot_text(slot) for slot in slots])}
    if effect == "moved":
        target = reader.day(f"{name}.moved")
        if not is_one_day or target == first:
            reader.fail(f"{name}.moved", _("Choose another day. Only single days are moved."))
            return None
        if target is None:
            return None
        item["moved_to"] = target.isoformat()
    if reason := reader.local(f"{name}.reason"):
        item["reason"] = reason
    return None if f"{name}.0.from" in reader.errors else item


def _effect(reader: FormReader, name: str, effect: str, slots: list[str]) -> dict[str, Any]:
    if effect == "unknown":
        return {"unknown": True}
    if effect in ("closed", "between"):
        return {"closed": True} | ({"between": slots} if effect == "between" else {})
    return {"extra" if effect == "extra" else "hours": slots} if slots else {}


def _days_of(item: dict[str, Any]) -> list[date]:
    first = date.fromisoformat(item.get("date") or item["from"])
    last = date.fromisoformat(item.get("date") or item["to"])
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [*days, date.fromisoformat(item["moved_to"])] if "moved_to" in item else days


def _closure(reader: FormReader, name: str) -> dict[str, Any] | None:
    reason = reader.local(f"{name}.reason")
    if not reason and not reader.text(f"{name}.first") and not reader.text(f"{name}.last"):
        return None
    first, last = reader.instant(f"{name}.first"), reader.instant(f"{name}.last")
    if first is None or last is None:
        return None
    if last <= first or last - first > LONGEST:
        reader.fail(f"{name}.last", _("The end is after the beginning, at most a year later."))
        return None
    return {"from": first.isoformat(), "until": last.isoformat(), "reason": reason}


def _is_range(reader: FormReader, name: str, first: date, last: date) -> bool:
    is_range = first <= last and last - first <= LONGEST
    if not is_range:
        reader.fail(name, _("The last day is after the first, at most a year later."))
    return is_range


def _require_apart(reader: FormReader, name: str, ranges: list[tuple[str, str]]) -> None:
    ordered = sorted(ranges)
    if any(second[0] <= first[1] for first, second in pairwise(ordered)):
        reader.fail(f"{name}.0.first", _("Two of these times overlap. One day has one of them."))
