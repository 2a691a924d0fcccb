"""The blueprint of the desk's own pages, and what their views share: lookups, the form and the checks of a kind."""

from __future__ import annotations

from flask import Blueprint, abort, request

from portal.content.document import Document, DocumentType
from portal.content_forms.document_form import DocumentForm
from portal.desk.kinds import plural
from portal.drafts.drafts import Opened, served_or_none
from portal.drafts.models import Draft
from portal.publishing.checks import Checker
from portal.web.clock import office_zone, request_clock
from portal.web.forms.fields import GREATEST_VERSION, whole_number
from portal.web.forms.fields import page_number as number_of_page
from portal.web.languages import gettext as _
from portal.web.navigation import Link
from portal.web.pages import plain_catalogue, url
from portal.web.state import portal
from portal.web.transactions import session

# Mounted at /<lang>/staff, so the first page of the desk is /<lang>/staff/.
staff = Blueprint("desk", __name__)


def type_or_404(kind: str) -> DocumentType:
    """The kind of document of that name."""
    return portal().types.get(kind) or abort(404)


def document_or_404(kind: str, slug: str) -> Document:
    """The served document of that kind and slug, whatever its state."""
    type_or_404(kind)
    return plain_catalogue().get(kind, slug) or abort(404)


def draft_or_404(id_: str) -> Draft:
    """The draft of that id."""
    draft = session().get(Draft, id_) if len(id_) == 32 else None
    if draft is None or draft.kind not in portal().types:
        abort(404)
    return draft


def form_of(kind: str) -> DocumentForm:
    """The form of that kind in the languages of the site."""
    return DocumentForm(type_or_404(kind), plain_catalogue().site.language_codes, office_zone())


def served(kind: str, slug: str) -> Opened | None:
    """The texts of a page as readers see them now; None when there is no such page."""
    document = plain_catalogue().get(kind, slug)
    return served_or_none(portal().live.source, document, now=request_clock().now, zone=office_zone())


def checker() -> Checker:
    """The checks against what is served now."""
    live = portal().live
    return Checker(live.reader, live.source, plain_catalogue(), portal().types, request_clock().today())


def submitted_version(default: int = 0) -> int:
    """The version of the draft that the submitted form was made from; `default` where it names none."""
    version = whole_number(request.form.get("version", ""), high=GREATEST_VERSION)
    return default if version is None else version


def page_number(rows: int, page_size: int) -> tuple[int, int]:
    """The page of a list that the address asks for, within those that there are, and how many there are."""
    pages = max(1, -(-rows // page_size))
    return number_of_page(request.args.get("page", ""), last=pages), pages


def error_summary(errors: dict[str, str]) -> list[dict[str, str]]:
    """The errors of a form as links to their fields."""
    return [{"message": message, "href": f"#field-{name}"} for name, message in errors.items()]


def crumbs(kind: str = "", *, title: str = "", href: str = "") -> list[Link]:
    """The way to this page from the list of documents."""
    links: list[Link] = [{"label": _("Texts"), "href": url("desk.index")}]
    if kind:
        links.append({"label": plural(kind), "href": url("desk.index") + f"?kind={kind}"})
    if href:
        links.append({"label": title, "href": href})
    return links
