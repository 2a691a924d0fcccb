"""Notifications by e-mail: confirmation with calendar file and code, offer, reminder, move, cancellation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from portal.content.catalogue import Site
from portal.events import labels
from portal.events.calendar import calendar_of
from portal.events.event import Event
from portal.events.registrations import codes
from portal.events.registrations.models import CONFIRMED, OFFERED, WAITING, Registration
from portal.events.registrations.registration import CONFIRM, KNOWN
from portal.mail import OutboxMessage

# Kinds of notifications beside the states of a registration.
CHANGED, REMINDER, MOVED, CALLED_OFF, REVIVED = "changed", "reminder", "moved", "called-off", "revived"
REMIND_BEFORE = timedelta(hours=26)
TEMPLATE = "events/mail/notification.txt"
_WITH_CALENDAR = (CONFIRMED, CHANGED, REMINDER, MOVED, CALLED_OFF, REVIVED)


class NotificationContext(TypedDict):
    """What the template of a notification reads."""

    kind: str
    state: str
    name: str
    party_size: int
    code: str
    title: str
    when: str
    was: str
    reason: str
    where: str
    position: int
    hold: datetime | None
    delete_on: date
    link: str
    page: str
    office: str
    zone_label: str
    is_preview: bool
    is_sample: bool


@dataclass(frozen=True, kw_only=True)
class NotificationWriter:
    """Composes the notifications of one event.

    `render` fills a template in a language, `link` gives the address of a registration's page by language and code,
    `page` that of the event's page by language.
    """

    event: Event
    site: Site
    places: Mapping[str, Any]
    render: Callable[[str, str, NotificationContext], str]
    link: Callable[[str, str], str]
    page: Callable[[str], str]

    def __call__(self, kind: str, registration: Registration, *, position: int) -> OutboxMessage | None:
        """The notification of this kind, or None when the registration has no e-mail address."""
        if not registration.email:
            return None
        text = self.render(TEMPLATE, registration.language, self._context(kind, registration, position))
        subject, _, body = text.strip().partition("\n")
        about = f"events/{self.event.slug}"
        # A reminder is sent once for each time of the event, everything else once per change: somebody who sends
        # another one's address a hundred times causes one letter.
        once_per = f"{self.event.facts.starts.timestamp():.0f}" if kind == REMINDER else str(registration.changes)
        return OutboxMessage(
            key=f"{about}:{registration.joined}:{kind}:{once_per}",
            about=about,
            kind=kind,
            language=registration.language,
            recipient=registration.email,
            subject=subject.strip(),
            body=body.strip() + "\n",
            calendar=self._calendar(kind, registration),
            stale_at=self._stale_at(kind, registration),
        )

    def _stale_at(self, kind: str, registration: Registration) -> datetime | None:
        if kind in (OFFERED, CONFIRM):
            return registration.hold_until
        return self.event.facts.starts if kind in (REMINDER, WAITING, MOVED, KNOWN) else None

    def _calendar(self, kind: str, registration: Registration) -> str:
        if kind not in _WITH_CALENDAR or registration.state not in (CONFIRMED, OFFERED):
            return ""
        language = registration.language
        return calendar_of(
            [self.event],
            language=language,
            site=self.site,
            places=self.places,
            page=lambda _event: self.page(language),
            with_alarms=True,
        ).decode()

    def _context(self, kind: str, registration: Registration, position: int) -> NotificationContext:
        language, label = registration.language, self.site.zone_label
        hold = registration.hold_until
        return {
            "kind": kind,
            "state": registration.state,
            "name": registration.name,
            "party_size": registration.party_size,
            "code": codes.spaced(registration.code),
            "title": self.event.document.title(language),
            "when": labels.when_of(self.event, language, label=label),
            "was": labels.was_of(self.event, language, label=label),
            "reason": self.event.facts.reason.text(language),
            "where": labels.location_of(self.event, language, places=self.places).line,
            "position": position,
            "hold": hold.astimezone(self.event.zone) if hold else None,
            "delete_on": self.event.terms.delete_on.astimezone(self.event.zone).date(),
            "link": self.link(language, registration.code),
            "page": self.page(language),
            "office": self.site.name.text(language),
            "zone_label": label,
            "is_preview": self.site.is_preview,
            "is_sample": self.event.facts.sample,
        }
