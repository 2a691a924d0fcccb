"""Calendar files, JSON and CSV: of everything, of one place, of one service."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import Response, abort, request

from portal.schedules.directory import Service
from portal.schedules.entries import EntryWords, service_entries
from portal.schedules.rows import csv_of, rows_of
from portal.schedules.views import bp, sharing, structured_data
from portal.schedules.views.presentation.status_text import current_status_text, session_state
from portal.schedules.views.queries import KIND, holidays, service_directory, service_of, zone
from portal.timetable.calendar_file import MEDIA_TYPE, Entry, calendar_file
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.page import published_or_404
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import preview_words
from portal.web.pages import absolute, catalogue, page_response, public

# Part of every UID for ever, so it is no address that a move of the site would change.
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
@public(query=("bom",))
def all_table() -> Response:
    """All services as CSV; `bom=1` adds the mark that some spreadsheets need for accents."""
    return _table(service_directory().services)


@bp.get("/<slug>/calendar.ics")
@public()
def calendar(slug: str) -> Response:
    """One service as a calendar; a withdrawn one tells that its sessions are cancelled."""
    service = service_of(published_or_404(KIND, slug))
    return _calendar([service], service.document.title(language()))


@bp.get("/<slug>/data.json")
@public()
def data(slug: str) -> Response:
    """One service as JSON."""
    return _data([service_of(published_or_404(KIND, slug))])


@bp.get("/<slug>/data.csv")
@public(query=("bom",))
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
@public(query=("bom",))
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
        place = service_directory().place_of(service)
        words = _entry_words(service)
        entries += service_entries(service, words, place=place, holidays=holidays(), zone=zone())
    title = _("Schedule: %(name)s", name=name)
    body = calendar_file(entries, name=title, description=preview_words() or title, zone=zone(), language=language())
    return _file(body, MEDIA_TYPE)


def _entry_words(service: Service) -> EntryWords:
    code = language()
    wording = service.document.words_in(code)
    title = str(wording.words.title)
    if service.facts.sample:
        title = f"[{_('sample')}] {title}"
    bring = wording.words.share_bring
    lines = [
        str(wording.words.summary),
        _("Bring: %(things)s", things="; ".join(bring)) if bring else "",
        sharing.short_link(service),
        _("This is a sample; the office has not filled it in.") if service.facts.sample else "",
        preview_words(),
    ]
    place = service_directory().place_of(service)
    address = text_of(place.address) if place and place.address else ""
    return EntryWords(
        title=title,
        description="\n".join(filter(None, lines)),
        url=absolute(address_of(service.document)),
        uid_domain=UID_DOMAIN,
        location=", ".join(filter(None, (text_of(place.name) if place else "", address))),
        language=code,
    )


def _data(services: Iterable[Service]) -> Response:
    found = {
        "generated_for": request_clock().today().isoformat(),
        "zone": zone().key,
        "zone_label": catalogue().site.zone_label,
        "notice": preview_words(),
        "services": [_service(service) for service in services],
    }
    return _file(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")


def _service(service: Service) -> dict[str, Any]:
    code, now = language(), request_clock().now
    line = current_status_text(service)
    status = service.timetable.status_at(now)
    upcoming = service.timetable.next_opening(now)
    change = service.timetable.next_change(now)
    reason = status.reason
    return {
        "id": service.slug,
        "title": service.document.title(code),
        "url": absolute(address_of(service.document)),
        "sample": service.facts.sample,
        "place": service.facts.place or None,
        "group": service.facts.group or None,
        "status": {
            "state": status.state,
            "reason": {"kind": reason.kind, "words": reason.words.text(code)} if reason else None,
            "until": status.until.isoformat() if status.until else None,
            "next_opening": upcoming.opens.isoformat() if upcoming.opens else None,
            "unconfirmed_from": upcoming.unknown_from.isoformat() if upcoming.unknown_from else None,
            "next_change": change.isoformat() if change else None,
            "words": line.words,
            "detail": line.detail,
        },
        "opening_hours": structured_data.hours_available(service),
        "sessions": [_session(service, item) for item in service.listed(now)],
    }


def _session(service: Service, item: Any) -> dict[str, Any]:
    code, before, quota = language(), item.previous_appointment, item.quota
    return {
        "id": item.key,
        "start": item.start.isoformat(),
        "end": item.end.isoformat(),
        "state": session_state(item),
        "place": sharing.location_text(service_directory(), service, item),
        "was": {"start": before.start.isoformat(), "end": before.end.isoformat()} if before else None,
        "reason": item.reason.text(code) or None,
        "places": None
        if quota is None
        else {
            "total": quota.total,
            "taken": quota.taken,
            "left": quota.left,
            "as_of": quota.as_of.isoformat(),
            "source": quota.source.text(code),
            "live": False,
        },
        "sample": item.sample or service.facts.sample,
    }


def _table(services: Iterable[Service]) -> Response:
    request_clock().today()
    services = list(services)
    for service in services:
        for item in service.listed(request_clock().now):
            request_clock().expires_at(item.next_transition(request_clock().now))
    rows = rows_of(service_directory(), services, request_clock().now, language=language())
    body = csv_of(rows, with_mark=request.args.get("bom") == "1")
    response = _file(body, "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="schedules.csv"'
    return response


def _file(body: bytes, media_type: str) -> Response:
    response = page_response(body, content_type=media_type)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
