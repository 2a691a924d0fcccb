"""Filters of lists of services and sessions: by group, district and place, in the query string."""

from __future__ import annotations

from typing import TypedDict

from flask import request

from portal.content.catalogue import Catalogue
from portal.page_cache.query import QueryDeclaration, record_of
from portal.schedules.directory import Service, ServiceDirectory
from portal.timetable.sessions.series import Occurrence
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.pages import catalogue, url

# What stands for every district that is in no list, so that the page can say so and is kept once.
UNKNOWN_DISTRICT = "unknown"


def _district(text: str, content: Catalogue, _now: float) -> str | None:
    if not text:
        return None
    return text if text in content.reference("districts") else UNKNOWN_DISTRICT


GROUP: QueryDeclaration = {"group": record_of("service-groups")}
FILTERS: QueryDeclaration = {**GROUP, "district": _district, "place": record_of("places")}


class Chip(TypedDict):
    """One choice of a filter."""

    label: str
    href: str
    current: bool


class ChipRow(TypedDict):
    """The choices of one filter."""

    key: str
    label: str
    items: list[Chip]


def chosen_filters(directory: ServiceDirectory) -> dict[str, str]:
    """The filters of the query string, by name: a district of the list, groups and places that a service has."""
    known = _used_ids(directory)
    submitted = {name: request.args.get(name, "") for name in FILTERS}
    return {name: id_ for name, id_ in submitted.items() if id_ and id_ in known[name]}


def service_matches(directory: ServiceDirectory, service: Service, chosen: dict[str, str]) -> bool:
    """Whether the service passes all chosen filters."""
    return (
        chosen.get("group", service.facts.group) == service.facts.group
        and chosen.get("place", service.facts.place) == service.facts.place
        and ("district" not in chosen or directory.district_of(service) == chosen["district"])
    )


def session_matches(directory: ServiceDirectory, service: Service, session: Occurrence, chosen: dict[str, str]) -> bool:
    """Whether the session passes all chosen filters; it is at the place of its service and at its own."""
    return (
        chosen.get("group", service.facts.group) == service.facts.group
        and ("place" not in chosen or chosen["place"] in (session.appointment.place, service.facts.place))
        and ("district" not in chosen or directory.district_of(service, session) == chosen["district"])
    )


def chip_rows(directory: ServiceDirectory, chosen: dict[str, str]) -> list[ChipRow]:
    """The choices of every filter on the overview; each keeps the other filters."""
    used = _used_ids(directory)
    sources = (
        ("group", _("Service"), "service-groups"),
        ("district", _("District"), "districts"),
        ("place", _("Place"), "places"),
    )
    return [
        {
            "key": key,
            "label": label,
            "items": _chips("schedules.index", chosen, key, _names(reference, used[key]), current=chosen.get(key, "")),
        }
        for key, label, reference in sources
    ]


def group_chips(directory: ServiceDirectory, endpoint: str, **values: int) -> list[Chip]:
    """The choices of a group on another page of schedules."""
    used = {service.facts.group for service in directory.services}
    submitted = request.args.get("group", "")
    current = submitted if submitted in used else ""
    return _chips(endpoint, {}, "group", _names("service-groups", used), current=current, **values)


def _used_ids(directory: ServiceDirectory) -> dict[str, set[str]]:
    return {
        "group": {service.facts.group for service in directory.services},
        "district": set(catalogue().reference("districts")),
        "place": {service.facts.place for service in directory.services},
    }


def _names(reference: str, used: set[str]) -> list[tuple[str, str]]:
    """The ids of the reference that are used, in its order, with their names."""
    records = catalogue().reference(reference)
    return [(id_, text_of(records[id_].name)) for id_ in records if id_ in used]


def _chips(
    endpoint: str, chosen: dict[str, str], key: str, names: list[tuple[str, str]], *, current: str, **values: int
) -> list[Chip]:
    def href(id_: str) -> str:
        kept = {**chosen, key: id_}
        query = {name: kept[name] for name in FILTERS if kept.get(name)}
        return url(endpoint, **values, **query)

    return [{"label": label, "href": href(id_), "current": id_ == current} for id_, label in [("", _("All")), *names]]
