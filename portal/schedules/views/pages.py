"""The pages of schedules: what is open, one service, one session, one place, the border posts."""

from __future__ import annotations

from datetime import date
from typing import NotRequired, TypedDict

from flask import Response, abort, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.languages import formatting
from portal.schedules.directory import Service, ServiceDirectory
from portal.schedules.service import BOX
from portal.schedules.views import sharing, structured_data
from portal.schedules.views.blueprint import bp, links, schedules_crumbs
from portal.schedules.views.filters import (
    FILTERS,
    UNKNOWN_DISTRICT,
    chip_rows,
    chosen_filters,
    service_matches,
    session_matches,
)
from portal.schedules.views.presentation.calendar_tables import week_table
from portal.schedules.views.presentation.hours_presenters import SPECIAL_DAYS, hours_tables, next_days, special_days
from portal.schedules.views.presentation.presenters import (
    BorderHours,
    PlaceCard,
    ServiceStatus,
    border_hours,
    folded,
    place_card,
    service_status,
    today_words,
)
from portal.schedules.views.presentation.session_presenters import places_left, session_href, session_row
from portal.schedules.views.presentation.status_text import holiday_words
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

LISTED_SESSIONS = 10
LISTED_AT_PLACE = 20
OTHER_SESSIONS = 5


class FactRow(TypedDict):
    """A label with its value, as `components/facts.html` takes it; `action` are the words of the link."""

    label: str
    value: str
    href: NotRequired[str]
    action: NotRequired[str]


class HolidayRow(TypedDict):
    """A coming holiday; a year whose days are not announced has no `iso`."""

    date: str
    iso: str
    name: str


class BorderPost(ServiceStatus):
    """A crossing with both sides' hours and the papers that are accepted there."""

    border: BorderHours | None
    documents: str
    place: PlaceCard | None
    unconfirmed: tuple[str, ...]


@bp.get("/")
@public(query=FILTERS)
def index() -> Response:
    """What is open today, the week, the sessions that come."""
    directory, today = service_directory(), request_clock().today()
    chosen = chosen_filters(directory)
    services = [service for service in directory.services if service_matches(directory, service, chosen)]
    sessions = [
        (service, session)
        for service, session in directory.upcoming(request_clock().now)
        if session_matches(directory, service, session, chosen)
    ]
    crumbs = [home_crumb()]
    title = _("Schedule")
    return render(
        "schedules/index.html",
        title=title,
        today=today_words(),
        board=folded([service_status(service) for service in services]),
        without=_without_service(chosen) if not services and not sessions else None,
        is_unknown=request.args.get("district") == UNKNOWN_DISTRICT,
        chips=chip_rows(directory, chosen),
        chosen=chosen,
        week=week_table(services, today),
        sessions=[session_row(directory, *pair) for pair in sessions[:LISTED_SESSIONS]],
        has_samples=any(service.facts.sample for service in services),
        closures=_holidays_ahead(today),
        crumbs=crumbs,
        canonical=absolute(url("schedules.index")),
        structured=graph(breadcrumbs(crumbs, title, url("schedules.index"))),
    )


def _without_service(chosen: dict[str, str]) -> Link | None:
    """The district for which nothing is announced, with the page of the office that covers it."""
    district = catalogue().reference("districts").get(chosen.get("district", ""))
    if district is None:
        return None
    return {"label": text_of(district.name), "href": url("office.coverage", district=chosen["district"])}


@bp.get("/<slug>")
@public()
def show(slug: str) -> Response:
    """One service: its status, hours, sessions, and what to bring."""
    page = page_of(published_or_404(KIND, slug))
    service, directory = service_of(page.document), service_directory()
    status, crumbs = service_status(service), schedules_crumbs()
    sessions = [session_row(directory, service, session) for session in service.listed(request_clock().now)]
    text = sharing.service_text(directory, service, ". ".join(filter(None, (status["words"], status["detail"]))))
    nodes = structured_data.service(directory, service, page)
    return render(
        "schedules/show.html",
        **page.layout_context(),
        line=status,
        rows=_box_rows(service),
        tables=hours_tables(service),
        special=special_days(service) if service.has_weekly else [],
        next_days=next_days(service),
        sessions=sessions,
        exception_dates=_exception_dates(service),
        border=border_hours(service),
        place=place_card(service.facts.place),
        share=text,
        whatsapp=sharing.whatsapp_url(text),
        files=file_links("schedules.", slug=slug),
        crumbs=crumbs,
        structured=graph(*nodes, breadcrumbs(crumbs, page.title, page.href)),
    )


@bp.get("/<slug>/<key>")
@public()
def session(slug: str, key: str) -> Response:
    """One session with all that is true about it."""
    page = page_of(published_or_404(KIND, slug))
    service, directory = service_of(page.document), service_directory()
    occurrence = service.occurrence(key)
    if occurrence is None:
        abort(404)
    row, href = session_row(directory, service, occurrence), session_href(service, occurrence)
    text = sharing.session_text(directory, service, occurrence)
    others = [other for other in service.listed(request_clock().now) if other.key != key]
    crumbs = [*schedules_crumbs(), Link(label=page.title, href=address_of(page.document))]
    node = structured_data.session(directory, service, occurrence)
    return render(
        "schedules/session.html",
        **{**page.layout_context(), "canonical": absolute(href)},
        title=_("%(service)s on %(day)s", service=page.title, day=row["date"]),
        entry=row,
        places=places_left(occurrence),
        rows=_session_rows(directory, service, occurrence),
        others=[session_row(directory, service, other) for other in others[:OTHER_SESSIONS]],
        share=text,
        whatsapp=sharing.whatsapp_url(text),
        calendar=url("schedules.session_calendar", slug=slug, key=key),
        series_calendar=url("schedules.calendar", slug=slug),
        crumbs=crumbs,
        structured=graph(node, breadcrumbs(crumbs, row["date"], href)),
    )


@bp.get("/places/<place>")
@public()
def place(place: str) -> Response:
    """One place with the services that are there."""
    card, directory = place_card(place), service_directory()
    if card is None:
        abort(404)
    services = [service for service in directory.services if service.facts.place == place]
    sessions = [pair for pair in directory.upcoming(request_clock().now) if pair[1].appointment.place == place]
    crumbs = schedules_crumbs()
    node = structured_data.place(directory, place)
    return render(
        "schedules/place.html",
        place=card,
        contacts=_contacts(place),
        services=[service_status(service) for service in services],
        sessions=[session_row(directory, *pair) for pair in sessions[:LISTED_AT_PLACE]],
        files=file_links("schedules.place_", place=place),
        crumbs=crumbs,
        structured=graph(node, breadcrumbs(crumbs, card["name"], card["href"])),
    )


@bp.get("/border")
@public()
def border() -> Response:
    """The border posts: open or not, in both times, and which papers are accepted."""
    posts = [service for service in service_directory().services if service.facts.border is not None]
    crumbs = schedules_crumbs()
    return render(
        "schedules/border.html",
        posts=[_border_post(service) for service in posts],
        today=today_words(),
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
    service, occurrence = target
    return redirect(session_href(service, occurrence) if occurrence else address_of(service.document), 302)


def file_links(endpoint_prefix: str, **values: str) -> list[Link]:
    """The calendar and data files of one service or one place."""
    return [
        {"label": _("Calendar (.ics)"), "href": url(f"{endpoint_prefix}calendar", **values)},
        {"label": "CSV", "href": url(f"{endpoint_prefix}table", **values)},
        {"label": "JSON", "href": url(f"{endpoint_prefix}data", **values)},
    ]


def _holidays_ahead(today: date) -> list[HolidayRow]:
    """The holidays of the next two months, then the kinds of days that are not announced for these years."""
    calendar, last = service_directory().holidays, today + SPECIAL_DAYS
    holidays: list[HolidayRow] = [
        {
            "date": formatting.day(holiday.day, language(), weekday=True),
            "iso": holiday.day.isoformat(),
            "name": holiday_words(Reason("holiday", holiday.name, holiday.estimated), language()),
        }
        for holiday in calendar.between(today, last)
    ]
    holidays += [
        {"date": str(year), "iso": "", "name": _("%(name)s: not known yet", name=text_of(record.name))}
        for year in {today.year, last.year}
        for record in calendar.unannounced(year)
    ]
    return holidays


def _box_rows(service: Service) -> list[FactRow]:
    labels = {
        "who": _("Who may come"),
        "booking": _("With or without booking"),
        "types": _("Passport types"),
        "bring": _("Bring (originals)"),
        "handing_out": _("Handing out"),
        "documents": _("Accepted papers"),
    }
    inline = service.document.words_in(language()).body.inline
    return [{"label": labels[key], "value": body_html(inline[key])} for key in BOX if key in inline]


def _session_rows(directory: ServiceDirectory, service: Service, session: Occurrence) -> list[FactRow]:
    location: FactRow = {"label": _("Place"), "value": sharing.location_text(directory, service, session)}
    place_id = session.appointment.place or service.facts.place
    if not session.appointment.venue and place_id in directory.places:
        location["href"], location["action"] = directory.places[place_id].map_link(language()), _("Map")
    rows = [location, *_box_rows(service)]
    if session.note:
        rows.append({"label": _("Note"), "value": session.note.text(language())})
    return rows


def _contacts(place: str) -> list[Markup]:
    contacts = catalogue().reference("contacts")
    ids = catalogue().reference("places")[place].contacts
    return [contact_html(contacts[id_], embed_context()) for id_ in ids if id_ in contacts]


def _exception_dates(service: Service) -> list[str]:
    today = request_clock().today()
    return [
        f"{formatting.day(skipped.original_date, language(), weekday=True)} ({text_of(skipped.holiday.name)})"
        for skipped in service.exception_dates
        if skipped.original_date >= today and skipped.holiday is not None
    ]


def _border_post(service: Service) -> BorderPost:
    localized = service.document.words_in(language())
    inline = localized.body.inline
    return {
        **service_status(service),
        "border": border_hours(service),
        "documents": body_html(inline["documents"]) if "documents" in inline else "",
        "place": place_card(service.facts.place),
        "unconfirmed": localized.words.unconfirmed,
    }
