"""Amounts and rules of another day on today's words: `?as_of=2024-12-01` on pages whose views allow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import g, request

from portal.content.reference import DatedValue
from portal.web.clock import request_clock
from portal.web.pages import catalogue

PARAMETER = "as_of"


@dataclass(frozen=True)
class AsOf:
    """The day that a reader asked for; `day` is None when it is none, or none that the data covers."""

    day: date | None
    first: date
    last: date

    @property
    def query(self) -> str:
        """What keeps the day on links to other parts of the page."""
        return f"?{PARAMETER}={self.day}" if self.day else ""


def requested_as_of() -> AsOf | None:
    """The day that this request asks for, or nothing; from then on dated values are those of that day."""
    if "as_of" not in g:
        g.as_of = _parsed(request.args[PARAMETER]) if PARAMETER in request.args else None
        if g.as_of is not None:
            request_clock().values_day = g.as_of.day
    as_of: AsOf | None = g.as_of
    return as_of


def covered_days() -> tuple[date, date]:
    """The first and the last day on which the data can tell amounts: its earliest and its latest change, or today."""
    days = [day for fee in catalogue().reference("fees").values() for value in fee.values for day in _bounds(value)]
    today = request_clock().today()
    return min([*days, today]), max([*days, today])


def _bounds(value: DatedValue) -> list[date]:
    return [day for day in (value.valid_from, value.valid_to) if day is not None]


def _parsed(text: str) -> AsOf:
    first, last = covered_days()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return AsOf(None, first, last)
    return AsOf(day if first <= day <= last else None, first, last)
