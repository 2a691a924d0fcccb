"""Calendar files, JSON and CSV: of everything, of one place, of one service."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from flask import Response, abort, request

from portal.page_cache.query import flag
from portal.schedules.csv_rows import csv_of, rows_of
from portal.schedules.directory import Service
from portal.schedules.entries import EntryWords, service_entries, session_entry
from portal.schedules.views import sharing, structured_data
from portal.schedules.views.blueprint import bp
from portal.schedules.views.presentation.status_text import current_status_text, session_state
from portal.schedules.views.queries import KIND, holidays, service_directory, service_of, zone
from portal.timetable.calendar_file import MEDIA_TYPE, Entry, calendar_file
from portal.timetable.sessions.series import Occurrence, Quota
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.page import published_or_404
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import preview_words
from portal.web.pages import absolute, catalogue, page_response, public, url

# Part of every UID, which must never change, hence not the address of the site.
UID_DOMAIN = "schedules.portal"


@bp.get("/calendar.ics")
@public()
def all_calendar() -> Response:
    """All services as one calendar."""
    return _calendar(service_directory().services, text_of(catalogue().site.short_name))


@bp.get("/data.json")
@public()
def all_data() -> Response:
    """All services as JSON."""
    return _data(service_directory().services)


@bp.get("/data.csv")
@public(query={"bom": flag()})
def all_table() -> Response:
    """All services as CSV; `bom=1` adds the mark that some spreadsheets need for accents."""
    return _table(service_directory().services)


@bp.get("/<slug>/calendar.ics")
@public()
def calendar(slug: str) -> Response:
    """One service as a calendar; the sessions of a withdrawn one are cancelled."""
    service = service_of(published_or_404(KIND, slug))
    return _calendar([service], service.document.title(language()))


@bp.get("/<slug>/<key>/calendar.ics")
@public()
def session_calendar(slug: str, key: str) -> Response:
    """One session of a service as a calendar file with a single entry."""
    service = service_of(published_or_404(KIND, slug))
    session = service.occurrence(key)
    if session is None:
        abort(404)
    page = absolute(url("schedules.session", slug=slug, key=key))
    places = service_directory().places
    entry = session_entry(service, session, _entry_words(service), places=places, url=page)
    response = _calendar_file([entry], service.document.title(language()))
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{key}-{language()}.ics"'
    return response


@bp.get("/<slug>/data.json")
@public()
def data(slug: str) -> Response:
    """One service as JSON."""
    return _data([service_of(published_or_404(KIND, slug))])


@bp.get("/<slug>/data.csv")
@public(query={"bom": flag()})
def table(slug: str) -> Response:
    """One service as CSV."""
    return _table([service_of(published_or_404(KIND, slug))])


@bp.get("/places/<place>/calendar.ics")
@public()
def place_calendar(place: str) -> Response:
    """The services of one place as a calendar."""
    return _calendar(_at(place), text_of(catalogue().reference("places")[place].name))


@bp.get("/places/<place>/data.json")
@public()
def place_data(place: str) -> Response:
    """The services of one place as JSON."""
    return _data(_at(place))


@bp.get("/places/<place>/data.csv")
@public(query={"bom": flag()})
def place_table(place: str) -> Response:
    """The services of one place as CSV."""
    return _table(_at(place))


def _at(place: str) -> list[Service]:
    if place not in catalogue().reference("places"):
        abort(404)
    return [service for service in service_directory().services if service.facts.place == place]


def _calendar(services: Iterable[Service], name: str) -> Response:
    entries: list[Entry] = []
    for service in services:
        places = service_directory().places
        entries += service_entries(service, _entry_words(service), places=places, holidays=holidays(), zone=zone())
    return _calendar_file(entries, name)


def _calendar_file(entries: Iterable[Entry], name: str) -> Response:
    title = _("Schedule: %(name)s", name=name)
    body = calendar_file(entries, name=title, description=preview_words() or title, zone=zone(), language=language())
    return _file(body, MEDIA_TYPE)


def _entry_words(service: Service) -> EntryWords:
    words = service.document.words_in(language()).words
    is_sample = service.facts.sample
    bring = words.share_bring
    lines = [
        str(words.summary),
        _("Bring: %(things)s", things="; ".join(bring)) if bring else "",
        sharing.short_link(service),
        _("This is an invented sample; the office has not filled it in.") if is_sample else "",
        preview_words(),
    ]
    return EntryWords(
        title=f"[{_('sample')}] {words.title}" if is_sample else str(words.title),
        description="\n".join(filter(None, lines)),
        url=absolute(address_of(service.document)),
        uid_domain=UID_DOMAIN,
        locations={id_: sharing.name_and_address(place) for id_, place in service_directory().places.items()},
        language=language(),
    )


def _data(services: Iterable[Service]) -> Response:
    data = {
        "generated_for": request_clock().today().isoformat(),
        "zone": zone().key,
        "zone_label": catalogue().site.zone_label,
        "notice": preview_words(),
        "services": [_service_data(service) for service in services],
    }
    return _file(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")


def _service_data(service: Service) -> dict[str, object]:
    code = language()
    return {
        "id": service.slug,
        "title": service.document.title(code),
        "url": absolute(address_of(service.document)),
        "sample": service.facts.sample,
        "place": service.facts.place or None,
        "group": service.facts.group or None,
        "status": _status_data(service),
        "opening_hours": structured_data.hours_available(service),
        "sessions": [_session_data(service, session) for session in service.listed(request_clock().now)],
    }


def _status_data(service: Service) -> dict[str, object]:
    now, text = request_clock().now, current_status_text(service)
    status, following = service.timetable.status_at(now), service.timetable.next_opening(now)
    reason = status.reason
    return {
        "state": status.state,
        "reason": {"kind": reason.kind, "words": reason.words.text(language())} if reason else None,
        "until": _iso(status.until),
        "next_opening": _iso(following.opens),
        "unconfirmed_from": _iso(following.unknown_from),
        "next_change": _iso(service.timetable.next_change(now)),
        "words": text.words,
        "detail": text.detail,
    }


def _session_data(service: Service, session: Occurrence) -> dict[str, object]:
    before = session.previous_appointment
    return {
        "id": session.key,
        "start": session.start.isoformat(),
        "end": session.end.isoformat(),
        "state": session_state(session),
        "place": sharing.location_text(service_directory(), service, session),
        "was": {"start": before.start.isoformat(), "end": before.end.isoformat()} if before else None,
        "reason": session.reason.text(language()) or None,
        "places": _quota_data(session.quota) if session.quota else None,
        "sample": session.sample or service.facts.sample,
    }


def _quota_data(quota: Quota) -> dict[str, object]:
    return {
        "total": quota.total,
        "taken": quota.taken,
        "left": quota.left,
        "as_of": quota.as_of.isoformat(),
        "source": quota.source.text(language()),
        "live": False,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _table(services: Iterable[Service]) -> Response:
    clock, listed = request_clock(), list(services)
    clock.today()
    for service in listed:
        for session in service.listed(clock.now):
            clock.expires_at(session.next_transition(clock.now))
    rows = rows_of(service_directory(), listed, clock.now, language=language())
    body = csv_of(rows, byte_order_mark=request.args.get("bom") == "1")
    response = _file(body, "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="schedules.csv"'
    return response


def _file(body: bytes, media_type: str) -> Response:
    response = page_response(body, content_type=media_type)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
