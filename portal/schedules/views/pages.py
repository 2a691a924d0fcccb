"""The pages of schedules: what is open, one service, one session, one place, the border posts."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.service import BOX
from portal.schedules.views import bp, label, links, sharing, structured_data
from portal.schedules.views.presentation import presenters, tables
from portal.schedules.views.presentation.status_text import holiday_words, session_state, state_words
from portal.schedules.views.queries import KIND, service_directory, service_of
from portal.timetable.layers import Reason
from portal.timetable.sessions.series import Occurrence
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.documents.embeds import contact_html, text_of
from portal.web.documents.page import page_of, published_or_404
from portal.web.documents.structured_data import breadcrumbs, graph
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, home_crumb
from portal.web.pages import absolute, body_html, catalogue, embed_context, public, render, url

FILTERS = ("group", "district", "place")
LISTED = 10


@bp.get("/")
@public(query=FILTERS)
def index() -> Response:
    """What is open today, the week, the sessions that come."""
    directory = service_directory()
    chosen = _chosen(directory)
    found = [service for service in directory.services if _matches(directory, service, chosen)]
    sessions = [
        (service, item)
        for service, item in directory.upcoming(request_clock().now)
        if _session_matches(directory, service, item, chosen)
    ]
    crumbs = [home_crumb()]
    today = request_clock().today()
    return render(
        "schedules/index.html",
        title=label(),
        today=presenters.today_words(),
        services=[presenters.status(service) for service in found],
        chips=_chips(directory, chosen),
        chosen=chosen,
        week=tables.week_of_services(found, today),
        sessions=[presenters.session(directory, service, item) for service, item in sessions[:LISTED]],
        has_samples=any(service.facts.sample for service in found),
        closures=_closures(today),
        crumbs=crumbs,
        canonical=absolute(url("schedules.index")),
        structured=graph(breadcrumbs(crumbs, label(), url("schedules.index"))),
    )


@bp.get("/<slug>")
@public()
def show(slug: str) -> Response:
    """One service: its status, hours, sessions, and what to bring."""
    page = page_of(published_or_404(KIND, slug))
    service = service_of(page.document)
    directory = service_directory()
    line = presenters.status(service)
    crumbs = _crumbs()
    listed = [presenters.session(directory, service, item) for item in service.listed(request_clock().now)]
    text = sharing.service_text(directory, service, ". ".join(filter(None, (line["words"], line["detail"]))))
    return render(
        "schedules/show.html",
        **page.layout_context(),
        line=line,
        rows=_rows(service),
        tables=presenters.hours_table(service),
        special=presenters.special_days(service) if service.has_weekly else [],
        next_days=presenters.next_days(service),
        sessions=listed,
        exception_dates=_skipped(service),
        border=presenters.border(service),
        place=presenters.place(service.facts.place),
        share=text,
        whatsapp=sharing.whatsapp_url(text),
        files=file_links(slug=slug),
        crumbs=crumbs,
        structured=graph(
            *structured_data.service(directory, service, page), breadcrumbs(crumbs, page.title, page.href)
        ),
    )


@bp.get("/<slug>/<key>")
@public()
def session(slug: str, key: str) -> Response:
    """One session with all that is true about it."""
    page = page_of(published_or_404(KIND, slug))
    service = service_of(page.document)
    item = service.occurrence(key)
    if item is None:
        abort(404)
    directory = service_directory()
    state = session_state(item)
    text = sharing.session_text(directory, service, item)
    others = [one for one in service.listed(request_clock().now) if one.key != key]
    here: Link = {"label": page.title, "href": address_of(page.document)}
    crumbs = [*_crumbs(), here]
    entry = presenters.session(directory, service, item)
    day = formatting.day(item.start.date(), language(), weekday=True)
    return render(
        "schedules/session.html",
        **{**page.layout_context(), "canonical": absolute(presenters.session_href(service, item))},
        title=_("%(service)s on %(day)s", service=page.title, day=day),
        state=state,
        words=state_words(state),
        entry=entry,
        day=day,
        places=presenters.places_left(item),
        rows=_session_rows(directory, service, item),
        others=[presenters.session(directory, service, one) for one in others[:5]],
        share=text,
        whatsapp=sharing.whatsapp_url(text),
        calendar=url("schedules.calendar", slug=slug),
        crumbs=crumbs,
        structured=graph(
            structured_data.session(directory, service, item),
            breadcrumbs(crumbs, entry["date"], presenters.session_href(service, item)),
        ),
    )


@bp.get("/places/<place>")
@public()
def place(place: str) -> Response:
    """One place with the services that are there."""
    directory = service_directory()
    found = presenters.place(place)
    if found is None:
        abort(404)
    here = [service for service in directory.services if service.facts.place == place]
    upcoming = [(s, item) for s, item in directory.upcoming(request_clock().now) if item.appointment.place == place]
    crumbs = _crumbs()
    return render(
        "schedules/place.html",
        place=found,
        contacts=_contacts(place),
        services=[presenters.status(service) for service in here],
        sessions=[presenters.session(directory, service, item) for service, item in upcoming[:20]],
        files=file_links(place=place),
        crumbs=crumbs,
        structured=graph(
            structured_data.place(directory, place),
            breadcrumbs(crumbs, found["name"], url("schedules.place", place=place)),
        ),
    )


@bp.get("/border")
@public()
def border() -> Response:
    """The border posts: open or not, in both times, and which papers are accepted."""
    directory = service_directory()
    posts = [service for service in directory.services if service.facts.border is not None]
    crumbs = _crumbs()
    return render(
        "schedules/border.html",
        posts=[_post(service) for service in posts],
        today=presenters.today_words(),
        crumbs=crumbs,
        structured=graph(breadcrumbs(crumbs, _("Border posts today"), url("schedules.border"))),
    )


@links.get("/<code>")
@public()
def follow(code: str) -> AnyResponse:
    """Send a short address on to its service or session."""
    target = sharing.target_of(service_directory(), code)
    if target is None:
        abort(404)
    service, item = target
    return redirect(presenters.session_href(service, item) if item else address_of(service.document), 302)


def file_links(**of: str) -> list[Link]:
    """The calendar and data files of all services, of one, or of one place."""
    prefix = "schedules.place_" if "place" in of else "schedules." if of else "schedules.all_"
    return [
        {"label": _("Calendar (.ics)"), "href": url(f"{prefix}calendar", **of)},
        {"label": "CSV", "href": url(f"{prefix}table", **of)},
        {"label": "JSON", "href": url(f"{prefix}data", **of)},
    ]


def _crumbs() -> list[Link]:
    return [home_crumb(), {"label": label(), "href": url("schedules.index")}]


def _chosen(directory: ServiceDirectory) -> dict[str, str]:
    known = {
        "group": {service.facts.group for service in directory.services},
        "district": _districts(directory),
        "place": {service.facts.place for service in directory.services},
    }
    asked = {name: request.args.get(name, "") for name in FILTERS}
    return {name: value for name, value in asked.items() if value and value in known[name]}


def _districts(directory: ServiceDirectory) -> set[str]:
    found = {directory.district_of(service) for service in directory.services}
    found |= {directory.district_of(service, item) for service, item in directory.upcoming(request_clock().now)}
    return found


def _matches(directory: ServiceDirectory, service: Service, chosen: dict[str, str]) -> bool:
    return (
        chosen.get("group", service.facts.group) == service.facts.group
        and chosen.get("place", service.facts.place) == service.facts.place
        and ("district" not in chosen or directory.district_of(service) == chosen["district"])
    )


def _session_matches(directory: ServiceDirectory, service: Service, item: Occurrence, chosen: dict[str, str]) -> bool:
    return (
        chosen.get("group", service.facts.group) == service.facts.group
        and ("place" not in chosen or chosen["place"] in (item.appointment.place, service.facts.place))
        and ("district" not in chosen or directory.district_of(service, item) == chosen["district"])
    )


def _chips(directory: ServiceDirectory, chosen: dict[str, str]) -> list[dict[str, Any]]:
    here = url("schedules.index")
    groups, districts = catalogue().reference("service-groups"), catalogue().reference("districts")
    places = catalogue().reference("places")
    used = {service.facts.group for service in directory.services}
    services = [(id_, text_of(groups[id_].name)) for id_ in groups if id_ in used]
    around = [(id_, text_of(districts[id_].name)) for id_ in districts if id_ in _districts(directory)]
    where = {service.facts.place for service in directory.services}
    at = [(id_, text_of(places[id_].name)) for id_ in places if id_ in where]
    return [
        _chip_row(here, chosen, "group", name=_("Service"), items=services),
        _chip_row(here, chosen, "district", name=_("District"), items=around),
        _chip_row(here, chosen, "place", name=_("Place"), items=at),
    ]


def _chip_row(
    here: str, chosen: dict[str, str], key: str, *, name: str, items: list[tuple[str, str]]
) -> dict[str, Any]:
    def href(value: str) -> str:
        kept = {**{k: v for k, v in chosen.items() if k != key}, **({key: value} if value else {})}
        query = "&".join(f"{k}={kept[k]}" for k in FILTERS if k in kept)
        return f"{here}?{query}" if query else here

    everything = {"label": _("All"), "href": href(""), "current": key not in chosen}
    rest = [{"label": words, "href": href(id_), "current": chosen.get(key) == id_} for id_, words in items]
    return {"key": key, "label": name, "items": [everything, *rest]}


def _closures(today: Any) -> list[dict[str, str]]:
    directory = service_directory()
    found = directory.holidays.between(today, today + presenters.SPECIAL_DAYS)
    return [
        {
            "date": formatting.day(one.day, language(), weekday=True),
            "iso": one.day.isoformat(),
            "name": holiday_words(Reason("holiday", one.name, one.estimated), language()),
        }
        for one in found
    ] + [
        {"date": str(year), "iso": "", "name": _("%(name)s: not known yet", name=text_of(record.name))}
        for year in {today.year, (today + presenters.SPECIAL_DAYS).year}
        for record in directory.holidays.unannounced(year)
    ]


def _rows(service: Service) -> list[dict[str, Any]]:
    names = {
        "who": _("Who may come"),
        "booking": _("With or without booking"),
        "types": _("Passport types"),
        "bring": _("Bring (originals)"),
        "handing_out": _("Handing out"),
        "documents": _("Accepted papers"),
    }
    inline = service.document.words_in(language()).body.inline
    return [{"label": names[key], "value": body_html(inline[key])} for key in BOX if key in inline]


def _session_rows(directory: ServiceDirectory, service: Service, item: Occurrence) -> list[dict[str, Any]]:
    where: dict[str, Any] = {"label": _("Place"), "value": sharing.location_text(directory, service, item)}
    found = directory.places.get(item.appointment.place or service.facts.place) if not item.appointment.venue else None
    if found is not None:
        where |= {"href": found.map_link(language()), "action": _("Map")}
    rows = [where, *_rows(service)]
    if item.note:
        rows.append({"label": _("Note"), "value": item.note.text(language())})
    return rows


def _contacts(place: str) -> list[Markup]:
    known = catalogue().reference("contacts")
    ids = catalogue().reference("places")[place].contacts
    return [contact_html(known[id_], embed_context()) for id_ in ids if id_ in known]


def _skipped(service: Service) -> list[str]:
    today = request_clock().today()
    return [
        f"{formatting.day(skipped.original_date, language(), weekday=True)} ({text_of(skipped.holiday.name)})"
        for skipped in service.exception_dates
        if skipped.original_date >= today and skipped.holiday is not None
    ]


def _post(service: Service) -> dict[str, Any]:
    inline = service.document.words_in(language()).body.inline
    return {
        **presenters.status(service),
        "border": presenters.border(service),
        "documents": body_html(inline["documents"]) if "documents" in inline else "",
        "place": presenters.place(service.facts.place),
        "unconfirmed": service.document.words_in(language()).words.unconfirmed,
    }
