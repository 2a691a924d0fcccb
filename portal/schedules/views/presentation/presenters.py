"""What templates show of services and sessions: plain dictionaries in the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.views import sharing
from portal.schedules.views.presentation.status_text import (
    STATUS_HORIZON,
    current_status_text,
    holiday_words,
    session_state,
    state_words,
    time_range,
    upcoming_status_texts,
)
from portal.timetable.hours import DAYS
from portal.timetable.layers import Reason, week_of
from portal.timetable.sessions.series import Occurrence
from portal.timetable.timetable import Opening
from portal.timetable.zones import zone_named
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, url
from portal.web.state import portal

Shown = dict[str, Any]
ONE_DAY = timedelta(days=1)
SPECIAL_DAYS = timedelta(days=60)
# A Monday, from which the weekdays get their names.
MONDAY = date(2026, 1, 5)


def zone_label() -> str:
    """The label of the office's zone."""
    return catalogue().site.zone_label


def today_words() -> str:
    """Today's date with the label of the office's zone."""
    return f"{formatting.day(request_clock().today(), language(), weekday=True)} ({zone_label()})"


def status(service: Service, *, ahead_for: timedelta = STATUS_HORIZON) -> Shown:
    """A service with its status now, and what a stored page needs to tell it later."""
    line = current_status_text(service)
    # Under a clock that stands still the browser's own clock would contradict the page.
    times = [] if portal().settings.clock else upcoming_status_texts(service, request_clock().now, ahead_for)
    return {
        "name": service.document.title(language()),
        "href": address_of(service.document),
        "state": line.state,
        "words": line.words,
        "detail": line.detail,
        "times": times,
        "until": int((request_clock().now + ahead_for).timestamp()) if times else 0,
        "sample": service.facts.sample,
        "lang": _foreign(service),
    }


def session(directory: ServiceDirectory, service: Service, item: Occurrence) -> Shown:
    """A session as an entry of a list."""
    code = language()
    state = session_state(item)
    day = item.start.date()
    return {
        "weekday": formatting.weekday(day, code, short=True),
        "day": day.day,
        "month": formatting.short_day(day, code, year=False).split()[-1],
        "date": formatting.day(day, code, weekday=True),
        "iso": item.start.isoformat(),
        "title": service.document.title(code),
        "href": session_href(service, item),
        "line": " · ".join(_session_line(directory, service, item)),
        "time": time_range(item.start, item.end, code, zone_label()),
        "state": state,
        "words": state_words(state),
        "was": was(item),
        "reason": item.reason.text(code),
        "sample": item.sample or service.facts.sample,
        "where": sharing.location_text(directory, service, item),
    }


def session_href(service: Service, item: Occurrence) -> str:
    """The path of a session's page."""
    return url("schedules.session", slug=service.slug, key=item.key)


def was(item: Occurrence) -> str:
    """When the session was to be before it moved; only what differs from now."""
    before = item.previous_appointment
    if before is None:
        return ""
    code = language()
    parts = []
    if before.start.date() != item.start.date():
        parts.append(formatting.day(before.start.date(), code, weekday=True))
    if (before.start.time(), before.end.time()) != (item.start.time(), item.end.time()):
        parts.append(time_range(before.start, before.end, code))
    if (before.place, before.venue) != (item.appointment.place, item.appointment.venue):
        place = catalogue().reference("places").get(before.place)
        parts.append(text_of(place.name) if place else before.venue.text(code))
    return ", ".join(filter(None, parts))


def places_left(item: Occurrence) -> Shown | None:
    """The places as staff last reported them."""
    quota = item.quota
    if quota is None:
        return None
    code, at = language(), quota.as_of.astimezone(request_clock().zone)
    note = _("Noted by staff; not a live figure of M-Paspor.")
    source = quota.source.text(code)
    return {
        "left": quota.left,
        "capacity": quota.total,
        "as_of": f"{formatting.short_day(at.date(), code, year=False)}, {formatting.clock(at, code)} {zone_label()}",
        "note": " ".join([note, _("Source: %(source)s", source=source)]) if source else note,
    }


def hours_table(service: Service) -> list[Shown]:
    """The weekly hours by weekday, once for the ordinary week and once for each season ahead."""
    if not service.has_weekly:
        return []
    today = request_clock().today()
    tables = [{"title": "", "rows": _week_rows(week_of(service.hours.weekly))}]
    for season in service.hours.seasons:
        if season.last >= today:
            days = formatting.short_day(season.first, language()), formatting.short_day(season.last, language())
            title = f"{season.name.text(language())}: {days[0]} – {days[1]}"
            tables.append({"title": title, "rows": _week_rows(week_of(season.weekly))})
    return tables


def special_days(service: Service) -> list[Shown]:
    """The days of the next two months on which other hours hold than in an ordinary week."""
    today, found = request_clock().today(), []
    for offset in range(SPECIAL_DAYS.days):
        day = today + timedelta(days=offset)
        plan = service.timetable.plan(day)
        if plan.source in ("holiday", "exception"):
            found.append({"date": formatting.day(day, language(), weekday=True), "iso": day.isoformat()})
            found[-1] |= day_words(service, day)
    return found


def day_words(service: Service, day: date) -> Shown:
    """The hours of one day in words: lines of hours, why it is closed, or that nobody confirmed it."""
    code = language()
    plan = service.timetable.plan(day)
    hours = [time_range(one.start, one.end, code) for one in openings_on(service, day)]
    holiday = service.timetable.layers.holidays.on(day)
    reason = holiday_words(Reason("holiday", holiday.name, holiday.estimated), code) if holiday else ""
    exception = service.timetable.layers.exceptions.get(day)
    if exception is not None and exception.reason:
        reason = exception.reason.text(code)
    if hours:
        return {"state": "open", "hours": hours, "reason": reason if plan.source != "weekly" else ""}
    if plan.is_unknown:
        return {"state": "unknown", "hours": [], "words": _("Not confirmed"), "reason": reason}
    if plan.planned:
        return {"state": "planned", "hours": [], "words": _("Planned"), "reason": ""}
    words = _("Closed") if service.has_weekly else ""
    return {"state": "closed", "hours": [], "words": words, "reason": reason if service.has_weekly else ""}


def openings_on(service: Service, day: date) -> list[Opening]:
    """The openings that begin on that day."""
    start = request_clock().midnight(day)
    found = service.timetable.openings(start, request_clock().midnight(day + ONE_DAY))
    return [one for one in found if one.start.date() == day]


def next_days(service: Service, count: int = 5) -> list[Shown]:
    """The next days on which the service surely opens, in words."""
    now, code = request_clock().now, language()
    found: list[Shown] = []
    at: datetime | None = now
    while at is not None and len(found) < count:
        upcoming = service.timetable.next_opening(at)
        if upcoming.opens is None:
            break
        day = upcoming.opens.date()
        hours = [time_range(one.start, one.end, code, zone_label()) for one in openings_on(service, day)]
        found.append({"date": formatting.day(day, code, weekday=True), "iso": day.isoformat(), "hours": hours})
        at = request_clock().midnight(day + ONE_DAY) - timedelta(seconds=1)
    return found


def border(service: Service) -> Shown | None:
    """Both sides' hours of a crossing today, and since when they hold."""
    side = service.facts.border
    if side is None:
        return None
    code, today = language(), request_clock().today()
    there = zone_named(side.zone)
    openings = openings_on(service, today)
    return {
        "here": [time_range(one.start, one.end, code, zone_label()) for one in openings],
        "there": [time_range(one.start.astimezone(there), one.end.astimezone(there), code) for one in openings],
        "name": side.name.text(code),
        "offset": _offset(request_clock().now, side.zone),
        "closes": side.closes,
        "since": side.since_words.text(code) or (formatting.day(side.since, code) if side.since else ""),
        "checked": side.checked.text(code),
    }


def place(id_: str) -> Shown | None:
    """A place with address, links to maps, access and contacts."""
    found = catalogue().reference("places").get(id_) if id_ else None
    if found is None:
        return None
    district = catalogue().reference("districts").get(found.district)
    under = catalogue().reference("places").get(found.under) if found.under else None
    return {
        "id": id_,
        "name": text_of(found.name),
        "address": text_of(found.address) if found.address else "",
        "district": text_of(district.name) if district else "",
        "under": text_of(under.name) if under else "",
        "access": text_of(found.access) if found.access else "",
        "note": text_of(found.note) if found.note else "",
        "map": found.map_link(language()),
        "geo": found.geo,
        "href": url("schedules.place", place=id_),
    }


def _week_rows(week: Sequence[Any]) -> list[Shown]:
    rows = []
    for index, _name in enumerate(DAYS):
        slots = week[index]
        words = [_("Not confirmed")] if slots is None else [_slot_words(slot) for slot in slots] or [_("Closed")]
        rows.append({"day": formatting.weekday(MONDAY + timedelta(days=index), language()), "hours": words})
    return rows


def _slot_words(slot: Any) -> str:
    code = language()
    words = f"{formatting.clock(slot.opens_at, code)}–{formatting.end_clock(slot.closes_at, code)}".replace(
        " ", "\u00a0"
    )
    if slot.last is None:
        return words
    last = formatting.clock(datetime.min + timedelta(minutes=slot.last % 1440), code)
    last_number = _("last number %(time)s", time=last)
    return f"{words} ({last_number})"


def _session_line(directory: ServiceDirectory, service: Service, item: Occurrence) -> Iterable[str]:
    yield time_range(item.start, item.end, language(), zone_label())
    yield sharing.location_text(directory, service, item, with_address=False)
    if item.quota is not None:
        yield _("%(left)d of %(capacity)d places left", left=item.quota.left, capacity=item.quota.total)


def _foreign(service: Service) -> str | None:
    wording = service.document.words_in(language())
    return wording.language if wording.is_fallback else None


def _offset(now: datetime, zone: str) -> str:
    seconds = now.astimezone(zone_named(zone)).utcoffset()
    assert seconds is not None
    hours = seconds.total_seconds() / 3600
    return f"UTC{hours:+g}"
