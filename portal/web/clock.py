"""The request clock: the one time of a request, and until when its answer is right.

Views and the functions they call ask `request_clock()`, never a clock of the machine. Each question that depends on
time calls `expires_at` with the next instant at which its answer would differ; the earliest becomes `valid_until`,
with which the page cache stores the page. Sign-in, tokens, limits and mail go by `real_instant`.
"""

from __future__ import annotations

import time as time_module
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g

from portal.content.document import Document
from portal.content.reference import DatedValue, DatedView, Law, on_day
from portal.web.state import portal, portal_of


class RequestClock:
    """One instant in the office's zone; `valid_until` is the earliest transition of anything it was asked."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now = now.astimezone(zone)
        self.zone = zone
        self.valid_until: datetime | None = None
        # The day whose amounts and rules a reader asked for, when that is another than today.
        self.values_day: date | None = None

    def expires_at(self, instant: datetime | None) -> None:
        """Remember that an answer given at this moment changes at `instant`; past instants do not count."""
        if instant is not None and instant > self.now and (self.valid_until is None or instant < self.valid_until):
            self.valid_until = instant

    def passed(self, instant: datetime) -> bool:
        """Whether that instant has come."""
        self.expires_at(instant)
        return instant <= self.now

    def in_window(self, start: datetime | None, end: datetime | None) -> bool:
        """Whether now lies in [start, end); an open side is unbounded."""
        began = start is None or self.passed(start)
        ended = end is not None and self.passed(end)
        return began and not ended

    def today(self) -> date:
        """The office's day; changes at its midnight."""
        self.expires_at(self.midnight(self.now.date() + timedelta(days=1)))
        return self.now.date()

    def midnight(self, day: date) -> datetime:
        """The first instant of that day in the office's zone."""
        return datetime.combine(day, time(0), tzinfo=self.zone)

    def reached(self, day: date) -> bool:
        """Whether that day has begun."""
        return self.passed(self.midnight(day))

    def view_of(self, values: Sequence[DatedValue]) -> DatedView:
        """What to show of dated values today, or on the day asked for; expires when the view changes.

        Of another day no later value is told where that day's own is not known: it would be taken for it.
        """
        if self.values_day is not None:
            view = on_day(values, self.values_day)
            return view if view.current and view.current.is_known else replace(view, upcoming=None)
        view = on_day(values, self.now.date())
        if view.changes_on:
            self.expires_at(self.midnight(view.changes_on))
        return view

    def law_holds(self, law: Law) -> bool:
        """Whether the rule is in force today, or on the day asked for; expires when that changes."""
        if self.values_day is not None:
            return law.holds_on(self.values_day)
        began = law.since is None or self.reached(law.since)
        return began and not (law.until and self.reached(law.until + timedelta(days=1)))

    def version_of(self, document: Document) -> Document:
        """The version of the document that readers see now; expires when the next scheduled one begins."""
        for version in document.scheduled:
            self.expires_at(version.at)
        return document.version_at(self.now)

    def shows(self, document: Document) -> bool:
        """Whether readers may see this version now: published or withdrawn, and inside its window."""
        facts = document.facts
        return facts.status != "draft" and self.in_window(facts.publish_from, facts.publish_until)


def request_clock() -> RequestClock:
    """The moment of this request (or of this command), made once."""
    result: RequestClock | None = g.get("request_clock")
    if result is None:
        result = g.request_clock = RequestClock(current_instant(), ZoneInfo(portal().live.current().site.timezone))
    return result


def office_zone() -> ZoneInfo:
    """The office's time zone."""
    return request_clock().zone


def current_instant() -> datetime:
    """The instant at which pages stand: the clock that was set for development, else the real time."""
    clock: datetime | None = portal().settings.clock
    return clock or real_instant()


def clock_of(app: Flask) -> Callable[[], float]:
    """The clock of pages as seconds since the epoch, for the layer before Flask that has no request yet."""
    settings = portal_of(app).settings

    def seconds() -> float:
        stands_at: datetime | None = settings.clock or app.config.get("REAL_CLOCK")
        return stands_at.timestamp() if stands_at else time_module.time()

    return seconds


def real_instant() -> datetime:
    """The real time in UTC, for sign-in, tokens, limits and mail, which no set clock may move."""
    frozen: datetime | None = current_app.config.get("REAL_CLOCK")
    return frozen or system_time()


def system_time() -> datetime:
    """The machine's clock in UTC, for what happens before there is an application."""
    return datetime.now(UTC)
