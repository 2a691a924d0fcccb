"""The status of a service, times and states of sessions in the words of the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from portal.languages import formatting
from portal.schedules.directory import Service
from portal.timetable.layers import Reason
from portal.timetable.sessions.series import Occurrence, SessionState
from portal.timetable.timetable import NextOpening, Status
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue

# For how long a stored page can show the status of its reader's time.
STATUS_HORIZON = timedelta(days=7)
ONE_DAY = timedelta(days=1)
# Seconds since the epoch from which a status holds, its state, words and detail; a JSON array for the browser.
TimedStatus = tuple[int, str, str, str]


@dataclass(frozen=True)
class StatusText:
    """A status in words: `state` chooses the sign of the pill, `detail` says what comes next."""

    state: str
    words: str
    detail: str = ""


def current_status_text(service: Service) -> StatusText:
    """The status now; the page that shows it expires with it."""
    clock = request_clock()
    clock.expires_at(service.timetable.next_change(clock.now))
    clock.today()
    session = service.next_session(clock.now)
    if session is not None:
        clock.expires_at(session.next_transition(clock.now))
    return status_text(service, clock.now)


def status_text(service: Service, now: datetime) -> StatusText:
    """The status at an instant; the same words until the next change or midnight."""
    return _status_text(service, now, language(), catalogue().site.zone_label)


def upcoming_status_texts(service: Service, now: datetime, horizon: timedelta) -> list[TimedStatus]:
    """The statuses from now until `horizon` later, each from the instant at which its words begin to hold."""
    statuses: list[TimedStatus] = []
    at, end = now, now + horizon
    while at < end:
        text = status_text(service, at)
        words = (text.state, text.words, text.detail)
        if not statuses or statuses[-1][1:] != words:
            statuses.append((int(at.timestamp()), *words))
        midnight = datetime.combine(at.date() + ONE_DAY, datetime.min.time(), at.tzinfo)
        change = service.timetable.next_change(at)
        at = min(midnight, change) if change else midnight
    return statuses


# Key: service (by identity), instant, language, label of the zone; the oldest of 50,000 goes first.
@lru_cache(maxsize=50_000)
def _status_text(service: Service, now: datetime, code: str, label: str) -> StatusText:
    status = service.timetable.status_at(now)
    if status.state == "open":
        return _open(status, now, code, label)
    following = service.timetable.next_opening(now)
    if status.state == "unknown":
        return _unknown(status.reason, following, now, code=code, label=label)
    return _closed(service, status.reason or Reason("no-hours"), following, now=now, code=code, label=label)


def _open(status: Status, now: datetime, code: str, label: str) -> StatusText:
    if status.until is None:
        return StatusText("open", _("Open around the clock"))
    time = clock_text(status.until, code, label)
    if status.until.date() > now.date() + ONE_DAY:
        time = f"{formatting.weekday(status.until.date(), code)} {time}"
    words = _("Open until %(time)s", time=time)
    if status.numbers_over:
        return StatusText("soon", words, _("The last queue number has been given"))
    if status.last is not None:
        last = clock_text(status.last, code, label)
        return StatusText("open", words, _("Last queue number: %(time)s", time=last))
    return StatusText("open", words)


def _unknown(reason: Reason | None, following: NextOpening, now: datetime, *, code: str, label: str) -> StatusText:
    if reason is not None and reason.kind == "planned":
        return StatusText("planned", _("Planned, not yet confirmed"), _("Ask the office before you travel"))
    detail = _("Ask the office before you travel")
    if following.opens is not None:
        detail = _("Certainly open %(when)s", when=relative_time(following.opens, now, code, label=label))
    return StatusText("unknown", _("Hours not confirmed"), detail)


def _closed(
    service: Service, reason: Reason, following: NextOpening, *, now: datetime, code: str, label: str
) -> StatusText:
    if reason.kind == "break" and following.opens is not None:
        return StatusText("break", _("Break until %(time)s", time=clock_text(following.opens, code, label)))
    if not service.has_weekly and reason.kind in ("no-hours", "outside-hours", "holiday"):
        return _between_sessions(following, now, code=code, label=label)
    detail = _opening_words(following, now, code=code, label=label)
    if reason.kind == "holiday":
        return StatusText("closed", _("Closed today: %(reason)s", reason=holiday_words(reason, code)), detail)
    if reason.kind == "emergency":
        return StatusText("cancelled", _("Closed: %(reason)s", reason=reason.words.text(code)), detail)
    if reason.kind == "moved" and reason.moved_to is not None:
        day = formatting.day(reason.moved_to, code, weekday=True)
        return StatusText("moved", _("Closed today, moved to %(day)s", day=day), reason.words.text(code))
    if reason.kind == "exception" and reason.words:
        return StatusText("closed", _("Closed: %(reason)s", reason=reason.words.text(code)), detail)
    if following.opens is None or following.unknown_from is not None:
        return StatusText("closed", _("Closed"), detail)
    return StatusText("closed", _closed_until(following.opens, now, code=code, label=label))


def _between_sessions(following: NextOpening, now: datetime, *, code: str, label: str) -> StatusText:
    if following.opens is not None:
        return StatusText("planned", _("Next: %(when)s", when=relative_time(following.opens, now, code, label=label)))
    if following.unknown_from is not None:
        day = formatting.day(following.unknown_from.date(), code, weekday=True)
        return StatusText("planned", _("Planned for %(day)s, not yet confirmed", day=day))
    return StatusText("missing", _("No date announced"))


def _closed_until(opens: datetime, now: datetime, *, code: str, label: str) -> str:
    time = clock_text(opens, code, label)
    if opens.date() == now.date():
        return _("Closed, opens at %(time)s", time=time)
    return _("Closed, opens again %(day)s %(time)s", day=_day_text(opens.date(), now.date(), code), time=time)


def _opening_words(following: NextOpening, now: datetime, *, code: str, label: str) -> str:
    if following.opens is None:
        return _("When it opens next is not confirmed; ask the office")
    opens_text = relative_time(following.opens, now, code, label=label)
    if following.unknown_from is not None:
        return _("Certainly open again %(when)s; hours before are not confirmed", when=opens_text)
    return _("Open again %(when)s", when=opens_text)


def relative_time(instant: datetime, now: datetime, code: str, *, label: str) -> str:
    """A coming instant in short: the time today, the weekday this week, else the date."""
    time = clock_text(instant, code, label)
    if instant.date() == now.date():
        return _("today %(time)s", time=time)
    return f"{_day_text(instant.date(), now.date(), code)} {time}"


def _day_text(day: date, today: date, code: str) -> str:
    if (day - today).days < 7:
        return formatting.weekday(day, code)
    words = formatting.short_day(day, code, year=day.year != today.year)
    return f"{formatting.weekday(day, code)} {words},"


def clock_text(instant: datetime, code: str, label: str) -> str:
    """A clock time with the label of its zone, on one line."""
    return f"{formatting.clock(instant, code)} {label}".strip().replace(" ", "\u00a0")


def time_range(start: datetime, end: datetime, code: str, label: str = "") -> str:
    """Hours from one clock time to another, with the label of the zone where it is given."""
    return f"{formatting.clock(start, code)}–{formatting.end_clock(end, code)} {label}".strip().replace(" ", "\u00a0")


def holiday_words(reason: Reason, code: str) -> str:
    """The name of a holiday, marked when its date is only estimated."""
    name = reason.words.text(code)
    return _("%(name)s (estimated date)", name=name) if reason.estimated else name


def state_words(state: SessionState) -> str:
    """The state of a session in a word or two."""
    return _state_words(state, language())


@lru_cache(maxsize=64)
def _state_words(state: SessionState, _code: str) -> str:
    return {
        "planned": _("Planned"),
        "confirmed": _("Confirmed"),
        "full": _("Full"),
        "moved": _("Moved"),
        "cancelled": _("Cancelled"),
        "done": _("Over"),
    }[state]


def session_state(session: Occurrence) -> SessionState:
    """The state of a session now; the page that shows it expires with it."""
    clock = request_clock()
    clock.expires_at(session.next_transition(clock.now))
    return session.state_at(clock.now)
