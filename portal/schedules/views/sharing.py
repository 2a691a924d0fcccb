"""Plain texts for messages about a session or a service, and the short addresses in them."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import quote

from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.place import Place
from portal.schedules.views.presentation.status_text import state_words, time_range
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import preview_words
from portal.web.pages import absolute, catalogue, url


def session_text(directory: ServiceDirectory, service: Service, session: Occurrence) -> str:
    """A session for a chat: what, when, where, what to bring, and the address of its page."""
    code, label = language(), catalogue().site.zone_label
    state = session.state_at(request_clock().now)
    day = formatting.day(session.start.date(), code, weekday=True)
    hours = time_range(session.start, session.end, code, label).replace("\u00a0", " ")
    lines = [_heading(service), f"{day}, {hours}"]
    if state not in ("confirmed", "done"):
        lines.append(_("State: %(state)s", state=state_words(state)))
    before = session.previous_appointment
    if before is not None:
        lines.append(_("Was: %(day)s", day=formatting.day(before.start.date(), code, weekday=True)))
    if session.reason:
        lines.append(_("Reason: %(reason)s", reason=session.reason.text(code)))
    lines.append(_("Place: %(place)s", place=location_text(directory, service, session)))
    return _with_ending(lines, service, short_link(service, session))


def service_text(directory: ServiceDirectory, service: Service, status: str) -> str:
    """A service for a chat: its status now, where it is, what to bring, and the address of its page."""
    today = formatting.day(request_clock().today(), language(), weekday=True)
    lines = [_heading(service), f"{today}: {status}"]
    place = directory.place_of(service)
    if place is not None:
        lines.append(_("Place: %(place)s", place=name_and_address(place)))
    return _with_ending(lines, service, short_link(service))


def whatsapp_url(text: str) -> str:
    """The address that opens WhatsApp with that text."""
    return f"https://wa.me/?text={quote(text)}"


def short_link(service: Service, session: Occurrence | None = None) -> str:
    """The short public address of a service or session; it never changes."""
    return absolute(url("short.follow", code=short_code(service.slug, session.key if session else "")))


def short_code(slug: str, key: str = "") -> str:
    """Six letters and digits that stand for a service or session."""
    digest = hashlib.blake2b(f"{slug}/{key}".encode(), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()[:6]


def target_of(directory: ServiceDirectory, code: str) -> tuple[Service, Occurrence | None] | None:
    """The service or session that a short code stands for."""
    for service in directory.services:
        if short_code(service.slug) == code:
            return service, None
        for session in service.occurrences:
            if short_code(service.slug, session.key) == code:
                return service, session
    return None


def location_text(
    directory: ServiceDirectory, service: Service, session: Occurrence, *, with_address: bool = True
) -> str:
    """The venue or place of a session in one line; of a place also the address, unless it is left out."""
    if session.appointment.venue:
        return session.appointment.venue.text(language())
    place = directory.places.get(session.appointment.place or service.facts.place)
    if place is None:
        return _("Place not yet announced")
    return name_and_address(place) if with_address else text_of(place.name)


def name_and_address(place: Place) -> str:
    """The name of a place and its address, where one is known, in one line."""
    return ", ".join(filter(None, (text_of(place.name), text_of(place.address) if place.address else "")))


def _heading(service: Service) -> str:
    title = service.document.title(language())
    return f"[{_('sample')}] {title}" if service.facts.sample else title


def _with_ending(lines: list[str], service: Service, link: str) -> str:
    bring = service.document.words_in(language()).words.share_bring
    if bring:
        lines.append(_("Bring: %(things)s", things="; ".join(bring)))
    lines.append(_("Official word: %(office)s, %(link)s", office=text_of(catalogue().site.short_name), link=link))
    if preview_words():
        lines.append(preview_words())
    return "\n".join(lines)
