"""A series of sessions as the fields of a form, and the fields as a series again; every key is reachable.

Names: `slot` its hours, `kind` week, month or dates, `dates.<n>`, `quota.*`, and `x.<n>` the changes of single dates.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.content.document import LocalText
from portal.desk.schedule_builder.values import (
    FormReader,
    Values,
    day_value,
    local_values,
    slot_text,
    slot_values,
)
from portal.timetable.hours import DAYS, slot_of
from portal.timetable.sessions.recurrence import MOST_DATES, RecurrenceRule
from portal.timetable.sessions.series import Quota, Series, SessionChange
from portal.web.languages import gettext as _

WEEK, MONTH, DATES = "week", "month", "dates"
NTH = ("1", "2", "3", "4", "5", "-1")
ON_HOLIDAY = ("keep", "skip", "next-working-day")
STATES = ("planned", "confirmed", "full")
MOST_PLACES = 9999


def series_values(series: Series) -> Values:
    """The fields that show this series."""
    values: Values = {"place": [series.place], "state": [series.state], "sample": ["yes"] if series.sample else []}
    values |= slot_values("slot", slot_of(series.hours)) | local_values("venue", series.venue)
    values |= local_values("note", series.note) | _quota_values("quota", series.quota)
    values["kind"] = [series.rule.every if series.rule else DATES]
    for number, day in enumerate(sorted(series.dates)):
        values[f"dates.{number}"] = day_value(day)
    if series.rule is not None:
        values |= _rule_values(series.rule)
    for number, change in enumerate(series.changes):
        values |= _change_values(f"x.{number}", change)
    return values


def series_of(reader: FormReader, *, id_: str, now: datetime) -> dict[str, Any]:
    """The series of the form as facts.yaml holds it; `now` is the time of a number of places that is new."""
    series: dict[str, Any] = {"id": id_}
    slot = reader.slot("slot")
    if slot is None:
        reader.fail("slot.from", _("Enter from when to when."))
    else:
        series["hours"] = slot_text(slot)
    series |= _where(reader, "")
    if reader.text("kind") == DATES:
        rows = [day for row in reader.rows("dates") if (day := reader.day(f"dates.{row}", required=False))]
        series["dates"] = [day.isoformat() for day in sorted(set(rows))][:MOST_DATES]
        if not rows:
            reader.fail("dates.0", _("Choose at least one day."))
    else:
        series["rule"] = _rule(reader)
    state = reader.text("state")
    series["state"] = state if state in STATES else "planned"
    series |= _present(quota=_quota(reader, "quota", now=now), note=reader.local("note"))
    changes = [change for row in reader.rows("x") if (change := _change(reader, f"x.{row}", now=now))]
    series |= _present(changes=sorted(changes, key=lambda change: str(change["date"])))
    if reader.all("sample"):
        series["sample"] = True
    return series


def normal(series: Series) -> tuple[Any, ...]:
    """The series without the ways in which the same can be written; two equal ones mean the same."""
    rule = series.rule and (
        series.rule.every,
        frozenset(series.rule.weekdays),
        *(series.rule.first, series.rule.interval, series.rule.nth, series.rule.until, series.rule.count),
        series.rule.on_holiday,
    )
    changes = [
        (
            *(one.day, one.moved_to, slot_of(one.hours) if one.hours else None, one.place, _texts(one.venue)),
            *(one.cancelled, _texts(one.reason), one.state, _places(one.quota), _texts(one.note)),
        )
        for one in sorted(series.changes, key=lambda one: one.day)
        if one != SessionChange(day=one.day)
    ]
    return (
        *(series.id, slot_of(series.hours), series.place, _texts(series.venue), sorted(series.dates), rule),
        *(series.state, _places(series.quota), _texts(series.note), changes, series.sample),
    )


def _texts(texts: LocalText) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def _places(quota: Quota | None) -> tuple[Any, ...] | None:
    return (quota.total, quota.taken, quota.as_of, _texts(quota.source)) if quota else None


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _where(reader: FormReader, prefix: str) -> dict[str, Any]:
    return _present(place=reader.text(f"{prefix}place"), venue=reader.local(f"{prefix}venue"))


def _rule_values(rule: RecurrenceRule) -> Values:
    return {
        "weekdays": [day for day in DAYS if day in rule.weekdays],
        "interval": [str(rule.interval)],
        "nth": [str(rule.nth or "")],
        "first": day_value(rule.first),
        "until": day_value(rule.until),
        "count": [str(rule.count or "")],
        "on_holiday": [rule.on_holiday],
    }


def _rule(reader: FormReader) -> dict[str, Any] | None:
    days = [day for day in DAYS if day in reader.all("weekdays")]
    if not days:
        reader.fail("weekdays", _("Choose at least one weekday."))
    first, interval = reader.day("first"), reader.number("interval", low=1, high=60, default=1)
    until, count = reader.day("until", required=False), None
    if until is None and "until" not in reader.errors:
        count = reader.number("count", low=1, high=MOST_DATES) if reader.text("count") else None
        if count is None:
            reader.fail("until", _("Say until when, or how many times."))
    if first and until and until < first:
        reader.fail("until", _("The last day is before the first."))
    rule: dict[str, Any] = {"every": reader.text("kind"), "weekdays": days, "from": str(first)}
    if reader.text("kind") == MONTH:
        if reader.text("nth") not in NTH:
            reader.fail("nth", _("Choose which one of the month."))
        rule["nth"] = int(reader.text("nth") or 1) if reader.text("nth") in NTH else 1
    elif reader.text("kind") != WEEK:
        reader.fail("kind", _("Choose when the sessions are held."))
    on_holiday = reader.text("on_holiday")
    rule |= {} if interval in (None, 1) else {"interval": interval}
    rule |= {"until": until.isoformat()} if until else {"count": count}
    rule |= {"on_holiday": on_holiday} if on_holiday in ON_HOLIDAY[1:] else {}
    return rule


def _quota_values(name: str, quota: Quota | None) -> Values:
    if quota is None:
        return {}
    return {
        f"{name}.total": [str(quota.total)],
        f"{name}.taken": [str(quota.taken)],
        f"{name}.seen": [f"{quota.total}/{quota.taken}"],
        f"{name}.as_of": [quota.as_of.isoformat()],
        **local_values(f"{name}.source", quota.source),
    }


def _quota(reader: FormReader, name: str, *, now: datetime) -> dict[str, Any] | None:
    if not reader.text(f"{name}.total"):
        return None
    total = reader.number(f"{name}.total", low=0, high=MOST_PLACES)
    taken = reader.number(f"{name}.taken", low=0, high=MOST_PLACES, default=0)
    is_seen = reader.text(f"{name}.seen") == f"{total}/{taken}" and reader.text(f"{name}.as_of")
    as_of = reader.text(f"{name}.as_of") if is_seen else now.isoformat(timespec="minutes")
    return {"total": total, "taken": taken, "as_of": as_of} | _present(source=reader.local(f"{name}.source"))


def _change_values(name: str, change: SessionChange) -> Values:
    values: Values = {
        f"{name}.date": day_value(change.day),
        f"{name}.what": ["cancelled" if change.cancelled else ""],
        f"{name}.moved": day_value(change.moved_to),
        f"{name}.place": [change.place],
        f"{name}.state": [change.state or ""],
    }
    values |= slot_values(f"{name}.slot", slot_of(change.hours)) if change.hours else {}
    for key, texts in (("venue", change.venue), ("reason", change.reason), ("note", change.note)):
        values |= local_values(f"{name}.{key}", texts)
    return values | _quota_values(f"{name}.quota", change.quota)


def _change(reader: FormReader, name: str, *, now: datetime) -> dict[str, Any] | None:
    texts = [reader.text(f"{name}.{key}") for key in ("date", "what", "moved", "quota.total", "slot.from", "state")]
    if not any(texts) and not reader.local(f"{name}.reason"):
        return None
    day, moved_to = reader.day(f"{name}.date"), reader.day(f"{name}.moved", required=False)
    slot, is_cancelled = reader.slot(f"{name}.slot"), reader.text(f"{name}.what") == "cancelled"
    state = reader.text(f"{name}.state")
    change: dict[str, Any] = {"date": str(day)}
    change |= _present(
        moved_to=str(moved_to) if moved_to else "",
        hours=slot_text(slot) if slot else "",
        cancelled=is_cancelled,
        reason=reader.local(f"{name}.reason", required=is_cancelled),
        state=state if state in STATES else "",
        quota=_quota(reader, f"{name}.quota", now=now),
        note=reader.local(f"{name}.note"),
        **_where(reader, f"{name}."),
    )
    return change if day else None


def misplaced_change(reader: FormReader, original_dates: set[date]) -> None:
    """Note an error at each change whose day is no date of the series, or stands twice."""
    seen: set[str] = set()
    for row in reader.rows("x"):
        name = f"x.{row}.date"
        text = reader.text(name)
        if not text or name in reader.errors:
            continue
        if text not in {day.isoformat() for day in original_dates}:
            reader.fail(name, _("The series has no session on this day."))
        elif text in seen:
            reader.fail(name, _("This day stands here twice."))
        seen.add(text)
