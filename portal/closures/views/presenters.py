"""A closing as it will be: status lines, sessions, events, calendar files, alert, messages and the text to pass on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.closures.plan import Plan
from portal.closures.views.forms import span_words
from portal.content.catalogue import Catalogue
from portal.events.event import Event
from portal.events.labels import when_of
from portal.events.registrations.models import CONFIRMED, OFFERED, WAITING, Registration
from portal.events.registrations.notifications import CALLED_OFF, MOVED, REVIVED
from portal.events.views.queries import event_of, notifications_for
from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory, directory_of
from portal.schedules.views.presentation.status_text import status_text, time_range
from portal.schedules.views.sharing import location_text, whatsapp_url
from portal.timetable.holidays import calendar_of
from portal.timetable.sessions.series import Occurrence
from portal.web.clock import office_zone, request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import force_locale, language
from portal.web.languages import gettext as _
from portal.web.navigation import address_of, preview_words
from portal.web.pages import absolute, catalogue, plain_catalogue, url
from portal.web.transactions import session

KIND = "schedules"
LIVE = (CONFIRMED, OFFERED, WAITING)


def book_in(content: Catalogue) -> ServiceDirectory:
    """The services of a state of the content that readers may see now."""
    versions = {one.slug: request_clock().version_of(one) for one in content.all(KIND)}
    return directory_of(
        [one for one in versions.values() if request_clock().shows(one) and one.facts.status == "published"],
        parents=versions,
        places=content.reference("places"),
        holidays=calendar_of(content.reference("holidays").values()),
        zone=office_zone(),
    )


def events_of(content: Catalogue) -> list[Event]:
    """The events of a state of the content that readers may see now."""
    versions = [request_clock().version_of(one) for one in content.all("events")]
    found = [event_of(one) for one in versions if request_clock().shows(one) and one.facts.status == "published"]
    return sorted(found, key=lambda one: (one.facts.starts, one.slug))


def session_row(book: ServiceDirectory, service: Service, item: Occurrence) -> dict[str, str]:
    """A session in the words of the desk."""
    code, label = language(), plain_catalogue().site.zone_label
    day = formatting.day(item.start.date(), code, weekday=True)
    return {
        "title": service.document.title(code),
        "when": f"{day}, {time_range(item.start, item.end, code, label)}",
        "where": location_text(book, service, item, with_address=False),
    }


def event_row(event: Event) -> dict[str, Any]:
    """An event in the words of the desk, with how many registered and how many of them have an e-mail address."""
    counted = session().execute(
        select(func.count(), func.coalesce(func.sum(Registration.party_size), 0)).where(
            Registration.event == event.slug, Registration.state.in_(LIVE)
        )
    )
    parties, heads = counted.one()
    mailed = session().scalar(
        select(func.count()).where(
            Registration.event == event.slug, Registration.state.in_(LIVE), Registration.email != ""
        )
    )
    return {
        "title": event.document.title(language()),
        "when": when_of(event, language(), label=plain_catalogue().site.zone_label),
        "parties": parties,
        "heads": heads,
        "mailed": mailed or 0,
        "unmailed": parties - (mailed or 0),
    }


def status_rows(before: ServiceDirectory, after: ServiceDirectory, plan: Plan) -> list[dict[str, str]]:
    """What each closed service will say of itself while it is closed, and what it would have said."""
    at = max(plan.starts, request_clock().now) + timedelta(minutes=1)
    rows = []
    for slug in plan.services:
        old, new = before.get(slug), after.get(slug)
        if old is None or new is None:
            continue
        told_old, told_new = status_text(old, at), status_text(new, at)
        rows.append(
            {
                "title": new.document.title(language()),
                "before": told_old.words,
                "state": told_new.state,
                "words": told_new.words,
                "detail": told_new.detail,
            }
        )
    return rows


def calendar_rows(before: Catalogue, after: Catalogue, plan: Plan) -> list[dict[str, Any]]:
    """The calendar files that change: their number before and after, and how many entries are called off or moved."""
    rows = []
    for path in plan.facts_paths:
        kind, slug, _name = path.split("/")
        old, new = before.get(kind, slug), after.get(kind, slug)
        if old is None or new is None:
            continue
        of_page = [one for one in plan.sessions if one.slug == slug] if kind == KIND else []
        events = [one for one in plan.events if one.slug == slug] if kind == "events" else []
        deeds = [one.deed for one in of_page] + [one.deed for one in events]
        rows.append(
            {
                "title": new.title(language()),
                "before": old.facts.sequence,
                "after": new.facts.sequence,
                "cancelled": deeds.count("cancel"),
                "moved": deeds.count("move"),
            }
        )
    return rows


def letters(after: Catalogue, plan: Plan, *, undone: bool = False) -> list[dict[str, Any]]:
    """The message that each registered party of a touched event gets, in every language."""
    rows: list[dict[str, Any]] = []
    for one in plan.events:
        document = after.get("events", one.slug)
        if one.deed == "keep" or document is None:
            continue
        event = event_of(request_clock().version_of(document))
        kind = REVIVED if undone else CALLED_OFF if one.deed == "cancel" else MOVED
        rows.append({**event_row(event), "letters": [_letter(event, kind, code) for code in _codes()]})
    return rows


def _letter(event: Event, kind: str, code: str) -> dict[str, str]:
    with force_locale(code):
        name = _("(name)")
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
    letter = notifications_for(event)(kind, party, place=0)
    return {"lang": code, "subject": letter.subject if letter else "", "body": letter.body if letter else ""}


def share_text(after: ServiceDirectory, events: Mapping[str, Event], plan: Plan, code: str) -> str:
    """The closing for a chat in a language: when, why, what is closed, what became of sessions and events."""
    with force_locale(code):
        site = plain_catalogue().site
        lines = [text_of(site.short_name)]
        lines.append(
            _("Closed: %(when)s", when=f"{span_words(_local(plan.starts), _local(plan.ends))} {site.zone_label}")
        )
        if plan.reason.get(code):
            lines.append(_("Reason: %(reason)s", reason=plan.reason[code]))
        names = [found.document.title(code) for slug in plan.services if (found := after.get(slug)) is not None]
        lines += [f"- {name}" for name in names]
        for one in plan.sessions:
            service = after.get(one.slug)
            item = service.occurrence(f"{one.series}-{one.day.isoformat()}") if service else None
            if service is not None and item is not None and one.deed != "keep":
                title = f"{service.document.title(code)} ({location_text(after, service, item, with_address=False)})"
                lines.append(_deed_line(title, one.deed, formatting.day(item.start.date(), code, weekday=True)))
        for planned in plan.events:
            event = events.get(planned.slug)
            if event is not None and planned.deed != "keep":
                shown = when_of(event, code, label=site.zone_label)
                lines.append(_deed_line(event.document.title(code), planned.deed, shown))
        link = absolute(url("schedules.index"))
        lines.append(_("Official word: %(office)s, %(link)s", office=text_of(site.short_name), link=link))
        return "\n".join(filter(None, [*lines, preview_words()]))


def _deed_line(title: str, deed: str, day: str) -> str:
    if deed == "move":
        return _("Moved: %(title)s, now %(when)s", title=title, when=day)
    return _("Cancelled: %(title)s, %(when)s", title=title, when=day)


def outcome(before: Catalogue, after: Catalogue, plan: Plan) -> dict[str, Any]:
    """Everything that a closing makes, for its preview and for the page that tells of it afterwards."""
    old, new = book_in(before), book_in(after)
    events = {one.slug: one for one in map(event_of, map(request_clock().version_of, after.all("events")))}
    names = {one.code: one.name for one in catalogue().site.languages}
    alert = plan.alert
    return {
        "status": status_rows(old, new, plan),
        "calendars": calendar_rows(before, after, plan),
        "letters": letters(after, plan),
        "alerts": [
            {"name": names.get(code, code), "severity": "major", "lang": code, "summary": "", **words}
            for code, words in (alert.words.items() if alert else ())
        ],
        "alert_on": alert.on if alert else "none",
        "shares": [
            {"name": names[code], "lang": code, "text": text, "whatsapp": whatsapp_url(text)}
            for code in _codes()
            if (text := share_text(new, events, plan, code))
        ],
    }


def reached_links(content: Catalogue, plan: Plan) -> list[dict[str, str]]:
    """The pages and calendar files of readers that tell of the closing."""
    found = []
    for path in plan.facts_paths:
        kind, slug, _name = path.split("/")
        document = content.get(kind, slug)
        if document is not None:
            endpoint = "schedules.calendar" if kind == KIND else ""
            found.append(
                {
                    "title": document.title(language()),
                    "href": address_of(document),
                    "calendar": url(endpoint, slug=slug) if endpoint else "",
                }
            )
    return found


def when_words(plan: Plan) -> str:
    """When it is closed, with the label of the zone."""
    return f"{span_words(_local(plan.starts), _local(plan.ends))} {plain_catalogue().site.zone_label}"


def _local(instant: datetime) -> datetime:
    return instant.astimezone(office_zone())


def _codes() -> tuple[str, ...]:
    return plain_catalogue().site.language_codes
