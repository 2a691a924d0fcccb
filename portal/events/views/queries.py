"""The programme: the events of the running site, with the letters and the live state that belong to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from portal.content.document import Document
from portal.events.event import EVENT, Event
from portal.events.registrations import seats
from portal.events.registrations.notifications import NotificationWriter
from portal.events.registrations.terms import Terms
from portal.web.clock import request_clock
from portal.web.documents.page import published
from portal.web.pages import absolute, catalogue, environment
from portal.web.state import portal

KIND = EVENT.kind


def event_of(document: Document) -> Event:
    """The event of a document, in the office's zone."""
    return Event(document, request_clock().zone)


def events() -> list[Event]:
    """The events that readers may see now, the earliest first."""
    found = [event_of(version) for version in published(KIND)]
    return sorted(found, key=lambda event: (event.facts.starts, event.slug))


def every_event() -> list[Event]:
    """The version that holds now of every event, withdrawn ones included: letters and purges need them."""
    documents = catalogue().all(KIND)
    return [event_of(request_clock().version_of(document)) for document in documents]


def event_named(slug: str) -> Event | None:
    """The event of that slug, published or withdrawn; None for a draft and where there is none."""
    document = catalogue().get(KIND, slug)
    if document is None:
        return None
    version = request_clock().version_of(document)
    return None if version.facts.status == "draft" else event_of(version)


def notifications_for(event: Event) -> NotificationWriter:
    """The writer of this event's letters."""
    return NotificationWriter(
        event=event,
        site=catalogue().site,
        places=catalogue().reference("places"),
        render=_rendered,
        link=registration_link,
        page=lambda language: absolute(f"/{language}/{KIND}/{event.slug}"),
    )


def registration_link(language: str, code: str) -> str:
    """The full address of a registration's page; not through `url`, which would remember the code."""
    return absolute(f"/{language}/{KIND}/registration/{code}")


def _rendered(template: str, language: str, words: dict[str, Any]) -> str:
    return environment(language).get_template(template).render(words)


def seats_tag(slug: str) -> str:
    """The live tag of pages that show whether an event has free seats."""
    return f"{KIND}/{slug}/seats"


def seats_changed(slug: str) -> None:
    """Let every process make the pages anew that show this event's seats."""
    portal().generations.bump(seats_tag(slug))


def seat_state(session: Session, terms: Terms) -> str:
    """open, few or full: all that cached pages say of free seats."""
    return seats.state_of(seats.read(session, terms.event), bookable=terms.bookable)


def takes_personal_data(event: Event | None = None) -> bool:
    """Whether forms may store personal data: not for samples and not before the office adopts the portal.

    Development and tests are excepted, so that the forms can be tried.
    """
    if not portal().settings.is_production:
        return True
    return not catalogue().site.is_preview and not (event is not None and event.facts.sample)
