"""A new page: its title and its slug, which is proposed from the title; or one begun from a search."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content_forms.widgets import clean
from portal.desk.begin import begin_new
from portal.desk.blueprint import crumbs, error_summary, staff, type_or_404
from portal.desk.kinds import singular
from portal.drafts.drafts import open_draft_of
from portal.drafts.queries import open_slugs
from portal.publishing.checks import is_slug, proposed_slug
from portal.search.models import LONGEST_KEPT
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff
from portal.web.state import portal
from portal.web.transactions import session

LONGEST_TITLE = 200
PERMISSIONS = {"desk.new": "write", "desk.create": "write", "desk.create_from_search": "write"}


@staff.get("/edit/<kind>/new")
def new(kind: str) -> Response:
    """The form of a new page."""
    type_or_404(kind)
    return _page(kind, title="", slug="", errors={})


@staff.post("/edit/<kind>/new")
def create(kind: str) -> AnyResponse:
    """Begin the draft of a new page; a slug that is taken or cannot stand in an address is an error at its field."""
    type_or_404(kind)
    title = _line("title")[:LONGEST_TITLE]
    submitted_slug = clean(request.form.get("slug", "")).strip().lower()[:LONGEST_TITLE]
    errors: dict[str, str] = {}
    if not title:
        errors["title"] = _("Write a title; it can be changed later.")
    taken = plain_catalogue().documents.get(kind, {})
    slug = submitted_slug or proposed_slug(title, tuple(taken))
    if not is_slug(slug):
        errors["slug"] = _("The name in the address may hold a-z, 0-9 and single hyphens only.")
    elif slug in taken or slug == "new" or f"{kind}/{slug}" in plain_catalogue().redirects:
        errors["slug"] = _("There is a page of that name already. Choose another name.")
    elif open_draft_of(session(), kind, slug) is not None:
        errors["slug"] = _("Somebody has begun a page of that name. Choose another name.")
    if errors:
        return _page(kind, title=title, slug=submitted_slug, errors=errors)
    draft = begin_new(kind, slug, {"title": title})
    return redirect(url("desk.edit", id_=draft.id), 303)


@staff.post("/searches/draft")
def create_from_search() -> AnyResponse:
    """Begin a draft of the kind that answers searches, with the query as its title and its first keyword."""
    query = _line("query")[:LONGEST_KEPT]
    kind = next((type_.kind for type_ in portal().types.values() if type_.answers_searches), "")
    if not query or not kind:
        abort(400)
    taken = {*plain_catalogue().documents.get(kind, {})} | open_slugs(session(), kind)
    title = query[:1].upper() + query[1:] + ("" if query.endswith("?") else "?")
    draft = begin_new(kind, proposed_slug(query, tuple(taken)), {"title": title, "keywords": [query]})
    return redirect(url("desk.edit", id_=draft.id), 303)


def _line(name: str) -> str:
    return " ".join(clean(request.form.get(name, "")).split())


def _page(kind: str, *, title: str, slug: str, errors: dict[str, str]) -> Response:
    return render_staff(
        "desk/documents/new.html",
        status=422 if errors else 200,
        kind=kind,
        singular=singular(kind),
        title=title,
        slug=slug,
        errors=errors,
        summary=error_summary(errors),
        longest=LONGEST_TITLE,
        crumbs=crumbs(kind),
    )
