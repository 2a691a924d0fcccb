"""What all pages of permits share: the blueprint, breadcrumbs, countries and the decision table."""

from __future__ import annotations

from flask import Blueprint, abort

from portal.content.document import Document
from portal.permits.countries import Countries, countries_of
from portal.permits.finder.loading import RECORDS, NoTable, table_of
from portal.permits.finder.table import DecisionTable
from portal.permits.nationality import NATIONALITY_LISTS
from portal.web.clock import request_clock
from portal.web.documents.page import is_published
from portal.web.languages import gettext as _
from portal.web.navigation import Link, home_crumb
from portal.web.pages import catalogue, url

bp = Blueprint("permits", __name__)
KIND = "permits"


def permits_crumbs(*more: Link) -> list[Link]:
    """The breadcrumb of a page: home, the index of permits, then `more`."""
    return [home_crumb(), {"label": _("Permits"), "href": url("permits.index")}, *more]


def countries() -> Countries:
    """All countries with their names in the languages of the site."""
    catalogue().tags.add("reference/countries")
    return countries_of(catalogue().plain)


def decision_table() -> DecisionTable:
    """The decision table of this request's catalogue, with all of its parts as tags of the page; 404 without one."""
    tracked = catalogue()
    tracked.tags |= {KIND, f"reference/{NATIONALITY_LISTS.name}", *(f"reference/finder-{name}" for name in RECORDS)}
    try:
        return table_of(tracked.plain)
    except NoTable:
        abort(404)


def published_version(slug: str) -> Document | None:
    """The version of a permit that is published now, or None."""
    document = catalogue().get(KIND, slug)
    if document is None:
        return None
    version = request_clock().version_of(document)
    return version if is_published(version) else None
