"""Amounts and rules of another day on today's words: `?as_of=2024-12-01` on pages whose views allow it.

Between two days on which any dated value changes every day shows the same page. A request for one of them is a request
for the first, so that the page cache keeps one page for each such period and not one for each day.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import g, request

from portal.content.catalogue import Catalogue, per_catalogue
from portal.content.reference import DatedValue, change_days
from portal.page_cache.query import QueryDeclaration
from portal.web.clock import request_clock
from portal.web.pages import catalogue

PARAMETER = "as_of"
# The value that stands for every text that is no day and for every day that the data does not cover.
UNCOVERED = ""


@dataclass(frozen=True)
class AsOf:
    """The period that a reader asked for by one of its days; `day` is None when it is none that the data covers.

    Every day from `day` to `until` shows the same amounts and rules.
    """

    day: date | None
    until: date | None
    first: date
    last: date

    @property
    def query(self) -> str:
        """What keeps the day on links to other parts of the page."""
        return f"?{PARAMETER}={self.day}" if self.day else ""


def requested_as_of() -> AsOf | None:
    """The day that this request asks for, or nothing; from then on dated values are those of that day."""
    if "as_of" not in g:
        g.as_of = period_of(request.args[PARAMETER]) if PARAMETER in request.args else None
        if g.as_of is not None:
            request_clock().values_day = g.as_of.day
    as_of: AsOf | None = g.as_of
    return as_of


def canonical_day(text: str, catalogue: Catalogue, now: float) -> str:
    """The first day of the period of the day that the text names; UNCOVERED where the data covers no such day."""
    today = datetime.fromtimestamp(now, ZoneInfo(catalogue.site.timezone)).date()
    period = _period(text, catalogue, today)
    return period[0].isoformat() if period else UNCOVERED


AS_OF: QueryDeclaration = {PARAMETER: canonical_day}


def period_of(text: str) -> AsOf:
    """The period of the day that the text names; the page then changes with every record that has dated values."""
    plain, today = catalogue().plain, request_clock().today()
    for name in _dated_references(plain):
        len(catalogue().reference(name))
    first, last = _covered_days(plain, today)
    day, until = _period(text, plain, today) or (None, None)
    return AsOf(day, until, first, last)


def _period(text: str, catalogue: Catalogue, today: date) -> tuple[date, date] | None:
    """The first and the last day of the period in which the day lies; None for a day that is not covered."""
    first, last = _covered_days(catalogue, today)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not first <= day <= last:
        return None
    changes = _change_days(catalogue)
    position = bisect_right(changes, day)
    starts = changes[position - 1] if position else first
    ends = changes[position] - timedelta(days=1) if position < len(changes) else last
    return max(starts, first), min(ends, last)


def _covered_days(catalogue: Catalogue, today: date) -> tuple[date, date]:
    """The first and the last day on which the data can tell amounts: its earliest and its latest change, or today."""
    days = _fee_days(catalogue)
    return min([*days, today]), max([*days, today])


@per_catalogue
def _fee_days(catalogue: Catalogue) -> tuple[date, ...]:
    values = [value for fee in catalogue.reference("fees").values() for value in fee.values]
    return tuple(day for value in values for day in (value.valid_from, value.valid_to) if day is not None)


@per_catalogue
def _dated_references(catalogue: Catalogue) -> dict[str, list[DatedValue]]:
    """The dated values of every reference that has any."""
    dated: dict[str, list[DatedValue]] = {}
    for name, records in catalogue.references.items():
        for record in records.values():
            values = getattr(record, "values", None)
            if isinstance(values, tuple) and all(isinstance(value, DatedValue) for value in values):
                dated.setdefault(name, []).extend(values)
    return dated


@per_catalogue
def _change_days(catalogue: Catalogue) -> list[date]:
    """The days on which the view of any dated value changes, in their order."""
    return sorted({day for values in _dated_references(catalogue).values() for day in change_days(values)})
