"""The services that this request may read, with their hours compiled."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import g

from portal.content.document import Document
from portal.schedules.directory import CalendarCache, Service, ServiceDirectory, compile_service, directory_of
from portal.timetable.holidays import HolidayCalendar
from portal.web.clock import request_clock
from portal.web.documents.page import published
from portal.web.pages import catalogue

KIND = "schedules"
_HOLIDAYS = CalendarCache()


def service_directory() -> ServiceDirectory:
    """The services that readers may see now, made once per request; a page that asks depends on all of them."""
    directory: ServiceDirectory | None = g.get("service_directory")
    if directory is None:
        directory = g.service_directory = directory_of(
            published(KIND),
            parents=parents(),
            places=catalogue().reference("places"),
            holidays=holidays(),
            zone=zone(),
        )
    return directory


def service_of(document: Document) -> Service:
    """One version of a service with its hours compiled, whatever its status."""
    return compile_service(document, parents().get(document.facts.follows), holidays(), zone())


def parents() -> dict[str, Document]:
    """The version of every service that holds now, by slug, for those that follow another."""
    return {document.slug: request_clock().version_of(document) for document in catalogue().all(KIND)}


def holidays() -> HolidayCalendar:
    """The holidays of all years that are known."""
    # Walking through the tracked records records that the page depends on all of them.
    iter(catalogue().reference("holidays"))
    return _HOLIDAYS.of(catalogue().plain.reference("holidays"))


def zone() -> ZoneInfo:
    """The office's zone."""
    return request_clock().zone
