"""The programme with its filters, and the page of one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request

from portal.events import labels
from portal.events.event import Event
from portal.events.views.blueprint import bp, crumbs, event_or_404
from portal.events.views.presenters import EventView, name_of, view_of
from portal.events.views.queries import events
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.structured_data import graph
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import absolute, catalogue, public, render, url

PAGE_LENGTH = 20
STATUS_ADDRESSES = {
    "moved": "https://schema.org/EventRescheduled",
    "cancelled": "https://schema.org/EventCancelled",
}
FILTERS = ("district", "topic", "audience", "month")


@bp.get("/")
@public(query=("when", *FILTERS, "page"))
def index() -> Response:
    """The coming events, or the past ones, that match the filters."""
    is_past = request.args.get("when") == "past"
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    pool = _pool(is_past=is_past)
    found = [event for event in pool if _matches(event, chosen)]
    pages = max(1, -(-len(found) // PAGE_LENGTH))
    number = _page_number(pages)
    shown = found[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]
    return render(
        "events/index.html",
        crumbs=crumbs()[:1],
        items=[view_of(event).item() for event in shown],
        count=len(found),
        is_past=is_past,
        tabs=_tabs(is_past=is_past),
        filters=_filters(pool, chosen, is_past=is_past),
        is_filtered=any(chosen.values()),
        pages=[
            {"label": n, "href": _address(chosen, is_past=is_past, page=n), "current": n == number}
            for n in range(1, pages + 1)
        ],
        description=_("Outreach and information events: where, when, and how to take part."),
        robots="noindex" if any(chosen.values()) or number > 1 else None,
    )


def _page_number(pages: int) -> int:
    written = request.args.get("page", "1")
    return min(max(1, int(written)), pages) if written.isdecimal() and len(written) < 6 else 1


def _pool(*, is_past: bool) -> list[Event]:
    now = request_clock()
    pool = []
    for event in events():
        now.expires_at(event.occurrence.next_transition(now.now))
        if event.is_upcoming(now.now) != is_past:
            pool.append(event)
    return pool[::-1] if is_past else pool


def _month_of(event: Event) -> str:
    return event.occurrence.start.strftime("%Y-%m")


def _matches(event: Event, chosen: dict[str, str]) -> bool:
    facts = event.facts
    return (
        chosen["district"] in ("", facts.district)
        and (not chosen["topic"] or chosen["topic"] in facts.topics)
        and (not chosen["audience"] or chosen["audience"] in facts.audience)
        and chosen["month"] in ("", _month_of(event))
    )


def _address(chosen: dict[str, str], *, is_past: bool, page: int = 1) -> str:
    given: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    if is_past:
        given["when"] = "past"
    if page > 1:
        given["page"] = page
    return url("events.index", **given)


def _tabs(*, is_past: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("Upcoming"), "href": url("events.index"), "current": not is_past},
        {"label": _("Past"), "href": url("events.index", when="past"), "current": is_past},
    ]


def _filters(pool: list[Event], chosen: dict[str, str], *, is_past: bool) -> list[dict[str, Any]]:
    """One row of links per filter that would make a difference; each keeps the other filters."""
    rows: tuple[tuple[str, str, Callable[[Event], Iterable[str]], Callable[[str], str]], ...] = (
        ("district", _("Regency or city"), lambda event: [event.facts.district], lambda id_: name_of("districts", id_)),
        ("topic", _("Topic"), lambda event: event.facts.topics, lambda id_: name_of("topics", id_)),
        ("audience", _("For whom"), lambda event: event.facts.audience, lambda id_: name_of("audiences", id_)),
        ("month", _("Month"), lambda event: [_month_of(event)], _month_name),
    )
    found = []
    for name, title, values_of, words_of in rows:
        others = [event for event in pool if _matches(event, chosen | {name: ""})]
        values = sorted({value for event in others for value in values_of(event) if value})
        if len(values) < 2 and not chosen[name]:
            continue
        links: list[dict[str, Any]] = [{"label": _("All"), "value": "", "count": None}]
        links += [
            {"label": words_of(value), "value": value, "count": sum(value in values_of(event) for event in others)}
            for value in values
        ]
        for link in links:
            link["href"] = _address(chosen | {name: str(link["value"])}, is_past=is_past)
            link["current"] = link["value"] == chosen[name]
        found.append({"title": title, "links": links})
    return found


def _month_name(written: str) -> str:
    year, _dash, month = written.partition("-")
    return formatting.month(request_clock().now.date().replace(int(year), int(month), 1), language())


@bp.get("/<slug>")
@public()
def show(slug: str) -> Response:
    """One event."""
    event = event_or_404(slug)
    view = view_of(event)
    text = share_text(view)
    return render(
        "events/show.html",
        **view.page.layout_context() | {"event": view, "crumbs": crumbs()},
        share_text=text,
        chat_link=labels.chat_link(text),
        contacts=_contacts(event),
        structured=[] if event.facts.sample or view.page.withdrawal else graph(structured(view)),
    )


def _contacts(event: Event) -> list[dict[str, str]]:
    records = catalogue().reference("contacts")
    rows = []
    for id_ in event.facts.contacts:
        record = records.get(id_)
        if record is not None:
            value = request_clock().view_of(record.values).current
            known = str(value.value) if value is not None and value.is_known else _("not yet confirmed by the office")
            rows.append({"label": text_of(record.name), "value": known, "detail": text_of(record.note)})
    return rows


def share_text(view: EventView) -> str:
    """The event in a few plain lines for a chat, with the short address and what kind of site says so."""
    site = catalogue().site
    lines = [
        f"*{view.page.title}*",
        ", ".join(part for part in (view.days, view.hours) if part),
        view.where.line,
    ]
    if view.state in ("cancelled", "moved"):
        was = f" ({_('Was: %(when)s', when=view.was)})" if view.was else ""
        lines.insert(1, f"{view.status.words}{was}. {view.reason}".strip())
    if view.is_open:
        lines.append(_("Register free of charge until %(when)s.", when=view.closes))
    lines.append(absolute(url("events.show", slug=view.event.slug)))
    if view.facts.sample:
        lines.insert(0, f"[{_('sample')}]")
    if site.is_preview:
        lines.append(_("Demonstration from public sources. The office has not adopted this site yet."))
    return "\n".join(line for line in lines if line)


def structured(view: EventView) -> dict[str, Any]:
    """The event for machines, with its true state and the date that it had before."""
    event, at = view.event, view.event.occurrence.appointment

    def written(moment_: Any) -> str:
        return str(moment_.isoformat(timespec="minutes") if event.facts.hours_known else moment_.date().isoformat())

    place: dict[str, Any] = {"@type": "Place", "name": view.where.name}
    place["address"] = view.where.address or view.where.name
    if view.where.geo:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": view.where.geo[0], "longitude": view.where.geo[1]}
    found: dict[str, Any] = {
        "@type": "Event",
        "name": view.page.title,
        "description": view.page.summary,
        "inLanguage": view.page.wording.language,
        "startDate": written(at.start),
        "endDate": written(at.end),
        "eventStatus": STATUS_ADDRESSES.get(_true_status(view), "https://schema.org/EventScheduled"),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "location": place,
        "organizer": {"@type": "GovernmentOffice", "name": catalogue().site.name.text(language())},
        "url": absolute(view.page.href),
    }
    if event.occurrence.previous_appointment is not None:
        found["previousStartDate"] = written(event.occurrence.previous_appointment.start)
    return found


def _true_status(view: EventView) -> str:
    if view.facts.cancelled:
        return "cancelled"
    return "moved" if view.event.occurrence.previous_appointment is not None else ""
