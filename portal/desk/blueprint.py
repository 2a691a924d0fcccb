"""The blueprint of the desk's own pages, and what their views share."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Blueprint, abort, request

from portal.content.document import Document, DocumentType
from portal.content_forms.document_form import DocumentForm
from portal.desk.kinds import plural
from portal.drafts.drafts import Opened, served_or_none
from portal.drafts.models import Draft
from portal.publishing.checks import Checker
from portal.web.clock import office_zone, real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.navigation import Link
from portal.web.pages import plain_catalogue, url
from portal.web.state import portal
from portal.web.transactions import session

ROOM = "desk"
# Mounted at /<lang>/staff, so the desk's first page is /<lang>/staff/.
staff = Blueprint(ROOM, __name__)


def type_or_404(kind: str) -> DocumentType:
    """The kind of document of that name."""
    found = portal().types.get(kind)
    if found is None:
        abort(404)
    return found


def document_or_404(kind: str, slug: str) -> Document:
    """The served document of that kind and slug, whatever its state."""
    type_or_404(kind)
    found = plain_catalogue().get(kind, slug)
    if found is None:
        abort(404)
    return found


def draft_or_404(id_: str) -> Draft:
    """The draft of that id."""
    found = session().get(Draft, id_) if PurePosixPath(id_).name == id_ and len(id_) == 32 else None
    if found is None or found.kind not in portal().types:
        abort(404)
    return found


def form_of(kind: str) -> DocumentForm:
    """The form of that kind in the languages of the site."""
    return DocumentForm(type_or_404(kind), plain_catalogue().site.language_codes, office_zone())


def served(kind: str, slug: str) -> Opened | None:
    """The texts of a page as readers see them now, or nothing when there is no such page."""
    document = plain_catalogue().get(kind, slug)
    return served_or_none(portal().live.source, document, now=request_clock().now, zone=office_zone())


def checker() -> Checker:
    """The checks against what is served now."""
    live = portal().live
    return Checker(live.reader, live.source, plain_catalogue(), portal().types, request_clock().today())


def now_real() -> str:
    """The real time of the office as a clock shows it, for what is said about a save."""
    return real_instant().astimezone(office_zone()).strftime("%H:%M")


def sent() -> dict[str, list[str]]:
    """Every field of the request's form with all its values."""
    return {name: request.form.getlist(name) for name in request.form}


def crumbs(kind: str = "", *, title: str = "", href: str = "") -> list[Link]:
    """The way to this page from the list of texts."""
    links: list[Link] = [{"label": _("Texts"), "href": url("desk.index")}]
    if kind:
        links.append({"label": plural(kind), "href": url("desk.index") + f"?kind={kind}"})
    if href:
        links.append({"label": title, "href": href})
    return links
