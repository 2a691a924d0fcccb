"""What a closing changes, as its pages show it: status lines, calendar files, messages, alert and texts to share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from portal.closures.plan import Plan
from portal.closures.views.share_text import share_text
from portal.content.catalogue import Catalogue
from portal.events.event import Event
from portal.events.labels import when_of
from portal.events.registrations.models import CONFIRMED, Registration
from portal.events.registrations.notifications import CALLED_OFF, MOVED
from portal.events.registrations.queries import registrations_with_email
from portal.events.views.queries import event_of, notifications_for
from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory, directory_of
from portal.schedules.views.presentation.status_text import status_text, time_range
from portal.schedules.views.sharing import location_text, whatsapp_url
from portal.timetable.holidays import calendar_of
from portal.timetable.sessions.series import Occurrence
from portal.web.addresses import address_of
from portal.web.clock import office_zone, request_clock
from portal.web.languages import force_locale, language
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.transactions import session

SERVICES, EVENTS = "schedules", "events"


@dataclass(frozen=True)
class AffectedRow:
    """A session or an event within the interval, with the action chosen for it; `name` is its form field."""

    name: str
    action: str
    title: str
    when: str
    where: str = ""
    parties: int = 0


@dataclass(frozen=True)
class StatusRow:
    """The status line of a service while it is closed; `before` is what it would have been."""

    title: str
    before: str
    state: str
    words: str
    detail: str


@dataclass(frozen=True)
class CalendarRow:
    """A calendar file: its SEQUENCE before and after, and how many entries are cancelled and moved."""

    title: str
    before: int
    after: int
    cancelled: int
    moved: int


@dataclass(frozen=True)
class MessagePreview:
    """A notification in one language."""

    lang: str
    subject: str
    body: str


@dataclass(frozen=True)
class MessageRow:
    """The notification that the parties of one event get, and how many have an e-mail address."""

    title: str
    mailed: int
    unmailed: int
    previews: list[MessagePreview]


@dataclass(frozen=True)
class AlertRow:
    """The alert in one language."""

    name: str
    lang: str
    title: str
    summary: str
    severity: str = "major"


@dataclass(frozen=True)
class ShareRow:
    """The text to share in one language, and the address that opens WhatsApp with it."""

    name: str
    lang: str
    text: str
    whatsapp: str


@dataclass(frozen=True)
class PageLink:
    """A public page that shows the closing; `calendar` is the address of its calendar file, or empty."""

    title: str
    href: str
    calendar: str


@dataclass(frozen=True)
class Outcome:
    """Everything that a closing changes; `alert_on` is `site`, a kind of pages or `none`."""

    status: list[StatusRow]
    calendars: list[CalendarRow]
    messages: list[MessageRow]
    alerts: list[AlertRow]
    alert_on: str
    shares: list[ShareRow]


def directory_in(content: Catalogue) -> ServiceDirectory:
    """The services of a catalogue that readers may see now."""
    versions = {document.slug: request_clock().version_of(document) for document in content.all(SERVICES)}
    return directory_of(
        [one for one in versions.values() if request_clock().shows(one) and one.facts.status == "published"],
        parents=versions,
        places=content.reference("places"),
        holidays=calendar_of(content.reference("holidays").values()),
        zone=office_zone(),
    )


def events_in_catalogue(content: Catalogue) -> list[Event]:
    """The events of a catalogue that readers may see now, the earliest first."""
    versions = map(request_clock().version_of, content.all(EVENTS))
    events = [event_of(one) for one in versions if request_clock().shows(one) and one.facts.status == "published"]
    return sorted(events, key=lambda event: (event.facts.starts, event.slug))


def session_row(
    directory: ServiceDirectory, service: Service, item: Occurrence, *, name: str, action: str
) -> AffectedRow:
    """A session that the closing affects."""
    code, zone_label = language(), plain_catalogue().site.zone_label
    day = formatting.day(item.start.date(), code, weekday=True)
    return AffectedRow(
        name,
        action,
        service.document.title(code),
        f"{day}, {time_range(item.start, item.end, code, zone_label)}",
        location_text(directory, service, item, with_address=False),
    )


def event_row(event: Event, *, name: str, action: str) -> AffectedRow:
    """An event that the closing affects, with the number of its parties."""
    when = when_of(event, language(), label=plain_catalogue().site.zone_label)
    parties, _mailed = registrations_with_email(session(), event.slug)
    return AffectedRow(name, action, event.document.title(language()), when, parties=parties)


def outcome(before: Catalogue, after: Catalogue, plan: Plan) -> Outcome:
    """Everything that a closing changes, for its preview and for its page afterwards."""
    directory = directory_in(after)
    events = {event.slug: event for event in map(event_of, map(request_clock().version_of, after.all(EVENTS)))}
    names = {entry.code: entry.name for entry in plain_catalogue().site.languages}
    alert_words: Mapping[str, Mapping[str, str]] = plan.alert.words if plan.alert else {}
    return Outcome(
        status=_status_rows(directory_in(before), directory, plan),
        calendars=_calendar_rows(before, after, plan),
        messages=_message_rows(after, plan),
        alerts=[
            AlertRow(names.get(code, code), code, words["title"], words.get("summary", ""))
            for code, words in alert_words.items()
        ],
        alert_on=plan.alert.on if plan.alert else "none",
        shares=[
            ShareRow(names[code], code, text, whatsapp_url(text))
            for code in names
            if (text := share_text(directory, events, plan, code))
        ],
    )


def page_links(content: Catalogue, plan: Plan) -> list[PageLink]:
    """The public pages and calendar files that show the closing."""
    links = []
    for path in plan.facts_paths:
        kind, slug, _name = path.split("/")
        document = content.get(kind, slug)
        if document is not None:
            calendar = url("schedules.calendar", slug=slug) if kind == SERVICES else ""
            links.append(PageLink(document.title(language()), address_of(document), calendar))
    return links


def _status_rows(before: ServiceDirectory, after: ServiceDirectory, plan: Plan) -> list[StatusRow]:
    at = max(plan.starts, request_clock().now) + timedelta(minutes=1)
    rows = []
    for slug in plan.services:
        old, new = before.get(slug), after.get(slug)
        if old is not None and new is not None:
            status = status_text(new, at)
            title = new.document.title(language())
            rows.append(StatusRow(title, status_text(old, at).words, status.state, status.words, status.detail))
    return rows


def _calendar_rows(before: Catalogue, after: Catalogue, plan: Plan) -> list[CalendarRow]:
    rows = []
    for path in plan.facts_paths:
        kind, slug, _name = path.split("/")
        old, new = before.get(kind, slug), after.get(kind, slug)
        if old is None or new is None:
            continue
        planned = (*plan.sessions,) if kind == SERVICES else (*plan.events,)
        actions = [change.action for change in planned if change.slug == slug]
        sequences = (old.facts.sequence, new.facts.sequence)
        rows.append(CalendarRow(new.title(language()), *sequences, actions.count("cancel"), actions.count("move")))
    return rows


def _message_rows(after: Catalogue, plan: Plan) -> list[MessageRow]:
    rows = []
    for planned in plan.events:
        document = after.get(EVENTS, planned.slug)
        if planned.action == "keep" or document is None:
            continue
        event = event_of(request_clock().version_of(document))
        kind = CALLED_OFF if planned.action == "cancel" else MOVED
        parties, mailed = registrations_with_email(session(), event.slug)
        previews = [_message(event, kind, code) for code in plain_catalogue().site.language_codes]
        rows.append(MessageRow(event.document.title(language()), mailed, parties - mailed, previews))
    return rows


def _message(event: Event, kind: str, code: str) -> MessagePreview:
    with force_locale(code):
        name = _("(name)")
    # Never added to a session: the notification is written for it alone.
    party = Registration(
        event=event.slug,
        state=CONFIRMED,
        joined=0,
        name=name,
        party_size=1,
        code="",
        email="-",
        language=code,
        changes=0,
    )
    letter = notifications_for(event)(kind, party, position=0)
    return MessagePreview(code, letter.subject if letter else "", letter.body if letter else "")
