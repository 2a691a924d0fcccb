"""The plain text by which a session or service is passed on, and its short address."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import quote

from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.views.presentation.status_text import state_words, time_range
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import preview_words
from portal.web.pages import absolute, catalogue, url


def session_text(directory: ServiceDirectory, service: Service, item: Occurrence) -> str:
    """A session for a chat: what, when, where, what to bring, where the official word stands."""
    code, label = language(), catalogue().site.zone_label
    state = item.state_at(request_clock().now)
    lines = [_heading(service), formatting.day(item.start.date(), code, weekday=True)]
    lines[-1] += f", {time_range(item.start, item.end, code, label)}".replace("\u00a0", " ")
    if state not in ("confirmed", "done"):
        lines.append(_("State: %(state)s", state=state_words(state)))
    if item.previous_appointment is not None:
        lines.append(_("Was: %(day)s", day=formatting.day(item.previous_appointment.start.date(), code, weekday=True)))
    if item.reason:
        lines.append(_("Reason: %(reason)s", reason=item.reason.text(code)))
    lines.append(_("Place: %(place)s", place=location_text(directory, service, item)))
    return _finished(lines, service, short_link(service, item))


def service_text(directory: ServiceDirectory, service: Service, status: str) -> str:
    """A service for a chat: its status now, where it is, what to bring."""
    lines = [_heading(service), f"{_today_words()}: {status}"]
    place = directory.place_of(service)
    if place is not None:
        address = text_of(place.address) if place.address else ""
        lines.append(_("Place: %(place)s", place=", ".join(filter(None, (text_of(place.name), address)))))
    return _finished(lines, service, short_link(service))


def whatsapp_url(text: str) -> str:
    """The address that opens WhatsApp with that text."""
    return f"https://wa.me/?text={quote(text)}"


def short_link(service: Service, item: Occurrence | None = None) -> str:
    """The short public address of a service or session; it never changes."""
    return absolute(url("short.follow", code=short_code(service.slug, item.key if item else "")))


def short_code(slug: str, key: str = "") -> str:
    """Six letters and digits that stand for a service or session."""
    digest = hashlib.blake2b(f"{slug}/{key}".encode(), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()[:6]


def target_of(directory: ServiceDirectory, code: str) -> tuple[Service, Occurrence | None] | None:
    """The service or session that a short code stands for."""
    for service in directory.services:
        if short_code(service.slug) == code:
            return service, None
        for item in service.occurrences:
            if short_code(service.slug, item.key) == code:
                return service, item
    return None


def location_text(directory: ServiceDirectory, service: Service, item: Occurrence, *, with_address: bool = True) -> str:
    """The place of a session in a line, with its address or by its name alone."""
    if item.appointment.venue:
        return item.appointment.venue.text(language())
    place = directory.places.get(item.appointment.place or service.facts.place)
    if place is None:
        return _("Place not yet announced")
    address = text_of(place.address) if place.address and with_address else ""
    return ", ".join(filter(None, (text_of(place.name), address)))


def _heading(service: Service) -> str:
    title = service.document.title(language())
    return f"[{_('sample')}] {title}" if service.facts.sample else title


def _finished(lines: list[str], service: Service, link: str) -> str:
    bring = service.document.words_in(language()).words.share_bring
    if bring:
        lines.append(_("Bring: %(things)s", things="; ".join(bring)))
    lines.append(_("Official word: %(office)s, %(link)s", office=text_of(catalogue().site.short_name), link=link))
    if preview_words():
        lines.append(preview_words())
    return "\n".join(lines)


def _today_words() -> str:
    return formatting.day(request_clock().today(), language(), weekday=True)
