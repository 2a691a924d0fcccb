"""The list of coming or past events with its filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NotRequired, TypedDict
from zoneinfo import ZoneInfo

from flask import Response, request

from portal.content.catalogue import Catalogue, per_catalogue
from portal.events.event import EVENT, Event
from portal.events.views.blueprint import bp, crumbs
from portal.events.views.presenters import name_of, view_of
from portal.events.views.queries import events_listed
from portal.languages import formatting
from portal.page_cache.query import QueryDeclaration, found_in, one_of, page_of_list, record_of
from portal.web.clock import request_clock
from portal.web.forms.fields import page_number
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import public, render, url

PAGE_LENGTH = 20


@per_catalogue
def _months(catalogue: Catalogue) -> frozenset[str]:
    """The months in which any version of an event begins, as `2026-11`."""
    zone = ZoneInfo(catalogue.site.timezone)
    versions = [
        version
        for document in catalogue.all(EVENT.kind)
        for version in (document, *(scheduled.document for scheduled in document.scheduled))
    ]
    return frozenset(_month_of(Event(version, zone)) for version in versions)


FILTERS: QueryDeclaration = {
    "district": record_of("districts"),
    "topic": record_of("topics"),
    "audience": record_of("audiences"),
    "month": found_in(_months),
}
QUERY: QueryDeclaration = {"when": one_of("past"), **FILTERS, "page": page_of_list(EVENT.kind, PAGE_LENGTH)}


class FilterLink(TypedDict):
    """A value of a filter as a link; `count` is the number of events that it would list."""

    label: str
    href: str
    current: bool
    count: NotRequired[int]


class FilterRow(TypedDict):
    """A filter with its values."""

    title: str
    links: list[FilterLink]


@bp.get("/")
@public(query=QUERY)
def index() -> Response:
    """The coming events, or the past ones, that match the filters."""
    is_past = request.args.get("when") == "past"
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    listed = events_listed(is_past=is_past)
    matching = [event for event in listed if _matches(event, chosen)]
    last = max(1, -(-len(matching) // PAGE_LENGTH))
    number = page_number(request.args.get("page", ""), last=last)
    page = matching[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]
    return render(
        "events/index.html",
        crumbs=crumbs()[:1],
        items=[view_of(event).item() for event in page],
        count=len(matching),
        is_past=is_past,
        tabs=[
            {"label": _("Upcoming"), "href": url("events.index"), "current": not is_past},
            {"label": _("Past"), "href": url("events.index", when="past"), "current": is_past},
        ],
        filters=_filters(listed, chosen, is_past=is_past),
        is_filtered=any(chosen.values()),
        pages=[
            {"label": n, "href": _address(chosen, is_past=is_past, page=n), "current": n == number}
            for n in range(1, last + 1)
        ],
        description=_("Outreach and information events: where, when, and how to take part."),
        robots="noindex" if any(chosen.values()) or number > 1 else None,
    )


def _month_of(event: Event) -> str:
    return event.occurrence.start.strftime("%Y-%m")


def _matches(event: Event, chosen: Mapping[str, str]) -> bool:
    facts = event.facts
    return (
        chosen["district"] in ("", facts.district)
        and (not chosen["topic"] or chosen["topic"] in facts.topics)
        and (not chosen["audience"] or chosen["audience"] in facts.audience)
        and chosen["month"] in ("", _month_of(event))
    )


def _address(chosen: Mapping[str, str], *, is_past: bool, page: int = 1) -> str:
    query = {name: value for name, value in chosen.items() if value}
    if is_past:
        query["when"] = "past"
    if page > 1:
        query["page"] = str(page)
    return url("events.index", **query)


def _filters(listed: list[Event], chosen: Mapping[str, str], *, is_past: bool) -> list[FilterRow]:
    """One row of links for each filter that would make a difference; each link keeps the other filters."""
    filters: tuple[tuple[str, str, Callable[[Event], Iterable[str]], Callable[[str], str]], ...] = (
        ("district", _("Regency or city"), lambda event: [event.facts.district], lambda id_: name_of("districts", id_)),
        ("topic", _("Topic"), lambda event: event.facts.topics, lambda id_: name_of("topics", id_)),
        ("audience", _("For whom"), lambda event: event.facts.audience, lambda id_: name_of("audiences", id_)),
        ("month", _("Month"), lambda event: [_month_of(event)], _month_name),
    )
    rows: list[FilterRow] = []
    for name, title, values_of, label_of in filters:
        candidates = [event for event in listed if _matches(event, {**chosen, name: ""})]
        values = sorted({value for event in candidates for value in values_of(event) if value})
        if len(values) < 2 and not chosen[name]:
            continue

        def link(value: str, label: str, *, name: str = name) -> FilterLink:
            href = _address({**chosen, name: value}, is_past=is_past)
            return {"label": label, "href": href, "current": value == chosen[name]}

        links = [link("", _("All"))]
        for value in values:
            count = sum(value in values_of(event) for event in candidates)
            links.append({**link(value, label_of(value)), "count": count})
        rows.append({"title": title, "links": links})
    return rows


def _month_name(text: str) -> str:
    year, _dash, month = text.partition("-")
    return formatting.month(request_clock().now.date().replace(int(year), int(month), 1), language())
