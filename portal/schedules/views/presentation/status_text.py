"""Statuses, times and states in the words of the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.timetable.layers import Reason
from portal.timetable.sessions.series import Occurrence
from portal.timetable.timetable import NextOpening, Status
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue

# How far ahead a stored page can tell its own status.
STATUS_HORIZON = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class StatusText:
    """A status in words: `state` is the sign of the pill, `detail` says what comes next."""

    state: str
    words: str
    detail: str = ""


def current_status_text(service: Service) -> StatusText:
    """The status now; the page lives no longer than this answer."""
    now = request_clock().now
    request_clock().expires_at(service.timetable.next_change(now))
    request_clock().today()
    following = service.next_session(now)
    if following is not None:
        request_clock().expires_at(following.next_transition(now))
    return status_text(service, now)


def status_text(service: Service, now: datetime) -> StatusText:
    """The status at an instant; the same words until the next change or midnight."""
    return _status_text(service, now, language(), catalogue().site.zone_label)


def upcoming_status_texts(service: Service, now: datetime, time: timedelta) -> list[tuple[int, str, str, str]]:
    """The statuses of that time from now on: seconds since the epoch from which each holds, sign, words, detail."""
    rows: list[tuple[int, str, str, str]] = []
    at: datetime | None = now
    end = now + time
    while at is not None and at < end:
        found = status_text(service, at)
        row = (int(at.timestamp()), found.state, found.words, found.detail)
        if not rows or rows[-1][1:] != row[1:]:
            rows.append(row)
        midnight = datetime.combine(at.date() + ONE_DAY, datetime.min.time(), at.tzinfo)
        change = service.timetable.next_change(at)
        at = min(midnight, change) if change else midnight
    return rows


@lru_cache(maxsize=50_000)
def _status_text(service: Service, now: datetime, code: str, label: str) -> StatusText:
    status = service.timetable.status_at(now)
    if status.state == "open":
        return _open(status, now, code, label)
    upcoming = service.timetable.next_opening(now)
    if status.state == "unknown":
        return _unknown(status.reason, upcoming, now, code=code, label=label)
    return _closed(service, status.reason or Reason("no-hours"), upcoming, now=now, code=code, label=label)


def _open(status: Status, now: datetime, code: str, label: str) -> StatusText:
    if status.until is None:
        return StatusText("open", _("Open around the clock"))
    time = clock(status.until, code, label)
    if status.until.date() > now.date() + ONE_DAY:
        time = f"{formatting.weekday(status.until.date(), code)} {time}"
    words = _("Open until %(time)s", time=time)
    if status.numbers_over:
        return StatusText("soon", words, _("The last queue number has been given"))
    if status.last is not None:
        last = clock(status.last, code, label)
        return StatusText("open", words, _("Last queue number: %(time)s", time=last))
    return StatusText("open", words)


def _unknown(reason: Reason | None, upcoming: NextOpening, now: datetime, *, code: str, label: str) -> StatusText:
    if reason is not None and reason.kind == "planned":
        return StatusText("planned", _("Planned, not yet confirmed"), _("Ask the office before you travel"))
    detail = _("Ask the office before you travel")
    if upcoming.opens is not None:
        detail = _("Certainly open %(when)s", when=when(upcoming.opens, now, code, label=label))
    return StatusText("unknown", _("Hours not confirmed"), detail)


def _closed(
    service: Service, reason: Reason, upcoming: NextOpening, *, now: datetime, code: str, label: str
) -> StatusText:
    if reason.kind == "break" and upcoming.opens is not None:
        return StatusText("break", _("Break until %(time)s", time=clock(upcoming.opens, code, label)))
    if not service.has_weekly and reason.kind in ("no-hours", "outside-hours", "holiday"):
        return _between_sessions(upcoming, now, code=code, label=label)
    detail = _opening_words(upcoming, now, code=code, label=label)
    if reason.kind == "holiday":
        return StatusText("closed", _("Closed today: %(reason)s", reason=holiday_words(reason, code)), detail)
    if reason.kind == "emergency":
        return StatusText("cancelled", _("Closed: %(reason)s", reason=reason.words.text(code)), detail)
    if reason.kind == "moved" and reason.moved_to is not None:
        day = formatting.day(reason.moved_to, code, weekday=True)
        return StatusText("moved", _("Closed today, moved to %(day)s", day=day), reason.words.text(code))
    if reason.kind == "exception" and reason.words:
        return StatusText("closed", _("Closed: %(reason)s", reason=reason.words.text(code)), detail)
    if upcoming.opens is None or upcoming.unknown_from is not None:
        return StatusText("closed", _("Closed"), detail)
    return StatusText("closed", _closed_until(upcoming.opens, now, code=code, label=label))


def _between_sessions(upcoming: NextOpening, now: datetime, *, code: str, label: str) -> StatusText:
    if upcoming.opens is not None:
        return StatusText("planned", _("Next: %(when)s", when=when(upcoming.opens, now, code, label=label)))
    if upcoming.unknown_from is not None:
        day = formatting.day(upcoming.unknown_from.date(), code, weekday=True)
        return StatusText("planned", _("Planned for %(day)s, not yet confirmed", day=day))
    return StatusText("missing", _("No date announced"))


def _closed_until(opens: datetime, now: datetime, *, code: str, label: str) -> str:
    time = clock(opens, code, label)
    if opens.date() == now.date():
        return _("Closed, opens at %(time)s", time=time)
    return _("Closed, opens again %(day)s %(time)s", day=_near_day(opens.date(), now.date(), code), time=time)


def _opening_words(upcoming: NextOpening, now: datetime, *, code: str, label: str) -> str:
    if upcoming.opens is None:
        return _("When it opens next is not confirmed; ask the office")
    told_when = when(upcoming.opens, now, code, label=label)
    if upcoming.unknown_from is not None:
        return _("Certainly open again %(when)s; hours before are not confirmed", when=told_when)
    return _("Open again %(when)s", when=told_when)


def when(instant: datetime, now: datetime, code: str, *, label: str) -> str:
    """A coming instant in short: the time today, the weekday this week, else the date."""
    time = clock(instant, code, label)
    if instant.date() == now.date():
        return _("today %(time)s", time=time)
    return f"{_near_day(instant.date(), now.date(), code)} {time}"


def _near_day(day: date, today: date, code: str) -> str:
    if (day - today).days < 7:
        return formatting.weekday(day, code)
    words = formatting.short_day(day, code, year=day.year != today.year)
    return f"{formatting.weekday(day, code)} {words},"


def clock(instant: datetime, code: str, label: str) -> str:
    """A clock time with the label of its zone, on one line."""
    return f"{formatting.clock(instant, code)} {label}".strip().replace(" ", "\u00a0")


def time_range(start: datetime, end: datetime, code: str, label: str = "") -> str:
    """Hours from one clock time to another, with the label of the zone where it is given."""
    return f"{formatting.clock(start, code)}–{formatting.end_clock(end, code)} {label}".strip().replace(" ", "\u00a0")


def holiday_words(reason: Reason, code: str) -> str:
    """The name of a holiday, marked when its date is only estimated."""
    name = reason.words.text(code)
    return _("%(name)s (estimated date)", name=name) if reason.estimated else name


def state_words(state: str) -> str:
    """The state of a session in a word or two."""
    return _state_words(state, language())


@lru_cache(maxsize=64)
def _state_words(state: str, _code: str) -> str:
    return {
        "planned": _("Planned"),
        "confirmed": _("Confirmed"),
        "full": _("Full"),
        "moved": _("Moved"),
        "cancelled": _("Cancelled"),
        "done": _("Over"),
    }[state]


def session_state(item: Occurrence) -> str:
    """The state of a session now; the page lives no longer than it."""
    request_clock().expires_at(item.next_transition(request_clock().now))
    return item.state_at(request_clock().now)
