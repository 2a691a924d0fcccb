"""The events of the running site, their notifications and the live state of their seats."""

from __future__ import annotations

from portal.content.document import Document
from portal.events.event import EVENT, Event
from portal.events.registrations.notifications import NotificationContext, NotificationWriter
from portal.web.addresses import document_path, path_below
from portal.web.clock import request_clock
from portal.web.documents.page import published
from portal.web.forms import guard
from portal.web.pages import absolute, catalogue, environment
from portal.web.state import portal

KIND = EVENT.kind


def event_of(document: Document) -> Event:
    """The event of a document, in the office's zone."""
    return Event(document, request_clock().zone)


def events() -> list[Event]:
    """The events that readers may see now, the earliest first."""
    return sorted(map(event_of, published(KIND)), key=lambda event: (event.facts.starts, event.slug))


def events_listed(*, is_past: bool = False) -> list[Event]:
    """The coming events, the next first, or the past ones, the last first; the page expires when one passes over."""
    clock = request_clock()
    listed = []
    for event in events():
        clock.expires_at(event.occurrence.next_transition(clock.now))
        if event.is_upcoming(clock.now) != is_past:
            listed.append(event)
    return listed[::-1] if is_past else listed


def every_event() -> list[Event]:
    """The version that holds now of every event, withdrawn ones included, for notifications and purges."""
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
    """The writer of this event's notifications."""
    return NotificationWriter(
        event=event,
        site=catalogue().site,
        places=catalogue().reference("places"),
        render=_rendered,
        link=registration_link,
        page=lambda language: absolute(document_path(KIND, event.slug, code=language)),
    )


def registration_link(language: str, code: str) -> str:
    """The full address of a registration's page; the router is not asked, because the code would be remembered."""
    return absolute(path_below(f"{KIND}/registration/{code}", language))


def _rendered(template: str, language: str, context: NotificationContext) -> str:
    return environment(language).get_template(template).render(context)


def seats_tag(slug: str) -> str:
    """The live tag of pages that show whether an event has free seats."""
    return f"{KIND}/{slug}/seats"


def seats_changed(slug: str) -> None:
    """Let every process make the pages anew that show this event's seats."""
    portal().generations.bump(seats_tag(slug))


def takes_personal_data(event: Event | None = None) -> bool:
    """Whether forms of events may store personal data: not for samples and not before the office adopts the portal."""
    is_sample = event is not None and event.facts.sample
    return guard.takes_personal_data() and not is_sample
