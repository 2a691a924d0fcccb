"""The calendar entries of a series: one master with its rule or dates, and one for each changed occurrence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from portal.timetable.calendar_file import Entry
from portal.timetable.holidays import HolidayCalendar
from portal.timetable.hours import instant_at, slot_of
from portal.timetable.sessions.series import DeclaredState, Occurrence, Series, exception_dates, occurrences

# VEVENT STATUS by declared state.
STATUS: dict[DeclaredState, str] = {"planned": "TENTATIVE", "confirmed": "CONFIRMED", "full": "CONFIRMED"}


def series_entries(
    series: Series, *, zone: ZoneInfo, holidays: HolidayCalendar, entry_of: Callable[[Occurrence], Entry]
) -> list[Entry]:
    """The entries of a series. `entry_of` gives an occurrence its words, UID and SEQUENCE.

    Skipped holidays become EXDATE; a moved, cancelled or otherwise changed date becomes an entry of its
    own under the same UID with the RECURRENCE-ID of the start that the series gave.
    """
    ordered = sorted(occurrences(series, zone=zone, holidays=holidays), key=lambda occurrence: occurrence.original_date)
    if not ordered:
        return []
    slot, original_dates = slot_of(series.hours), series.original_dates()
    start_on = {day: instant_at(day, slot.opens, zone).astimezone(zone) for day in original_dates}
    first, *later = start_on.values()
    unchanged = [occurrence for occurrence in ordered if _is_unchanged(series, occurrence)]
    master = replace(
        entry_of((unchanged or ordered)[0]),
        start=first,
        end=slot.on(original_dates[0], zone)[1].astimezone(zone),
        status=STATUS[series.state],
        rule=series.rule.parts() if series.rule is not None and later else None,
        recurrence_dates=() if series.rule is not None else tuple(later),
        exception_dates=tuple(start_on[skipped.original_date] for skipped in exception_dates(series, holidays)),
        recurrence_id=None,
    )
    overrides = [
        replace(
            entry_of(occurrence),
            start=occurrence.start,
            end=occurrence.end,
            status="CANCELLED" if occurrence.cancelled else STATUS[occurrence.declared_state],
            recurrence_id=start_on[occurrence.original_date],
        )
        for occurrence in ordered
        if not _is_unchanged(series, occurrence)
    ]
    return [master, *overrides]


def _is_unchanged(series: Series, occurrence: Occurrence) -> bool:
    change = series.change_on(occurrence.original_date)
    return (change is None or change.reports_only_places) and occurrence.previous_appointment is None
