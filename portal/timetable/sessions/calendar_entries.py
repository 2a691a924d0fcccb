"""The calendar entries of a series: one master with its rule or dates, and one more per changed date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.timetable.calendar_file import Entry
from portal.timetable.holidays import HolidayCalendar
from portal.timetable.hours import instant_at, slot_of
from portal.timetable.sessions.series import Occurrence, Series, exception_dates, occurrences

STATUS = {"planned": "TENTATIVE", "confirmed": "CONFIRMED", "full": "CONFIRMED"}
Wording = Callable[[Occurrence], Entry]


def series_entries(series: Series, *, zone: ZoneInfo, holidays: HolidayCalendar, entry_of: Wording) -> list[Entry]:
    """The entries of a series. `entry_of` gives an occurrence its words, UID and SEQUENCE.

    Skipped holidays become EXDATE; a moved, cancelled or otherwise changed date becomes an entry of its
    own under the same UID with the RECURRENCE-ID of the start that the series gave.
    """
    found = sorted(occurrences(series, zone=zone, holidays=holidays), key=lambda item: item.original_date)
    if not found:
        return []
    original_dates = series.original_dates()
    slot = slot_of(series.hours)
    starts = [_start(instant_at(day, slot.opens, zone), zone) for day in original_dates]
    gone = tuple(
        _start(instant_at(item.original_date, slot.opens, zone), zone) for item in exception_dates(series, holidays)
    )
    plain = next((item for item in found if _is_plain(series, item)), found[0])
    master = replace(
        _entry(plain, entry_of),
        start=starts[0],
        end=slot.on(original_dates[0], zone)[1].astimezone(zone),
        status=STATUS[series.state],
        rule=series.rule.parts() if series.rule is not None and len(starts) > 1 else None,
        extra=() if series.rule is not None else tuple(starts[1:]),
        excluded=gone,
        recurrence_id=None,
    )
    changed = [
        replace(_entry(item, entry_of), recurrence_id=_start(instant_at(item.original_date, slot.opens, zone), zone))
        for item in found
        if not _is_plain(series, item)
    ]
    return [master, *changed]


def _entry(item: Occurrence, entry_of: Wording) -> Entry:
    status = "CANCELLED" if item.cancelled else STATUS[item.declared_state]
    return replace(entry_of(item), start=item.start, end=item.end, status=status)


def _is_plain(series: Series, item: Occurrence) -> bool:
    return series.change_on(item.original_date) is None and item.previous_appointment is None


def _start(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone)
