"""A new page: its kind, its title, and the name in its address, which is proposed from the title."""

from __future__ import annotations

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id
from portal.content.document import PRIMARY_LANGUAGE
from portal.content.yaml_editing import yaml_text
from portal.content_forms.document_form import FACTS_FILE, join_words_file
from portal.content_forms.widgets import clean
from portal.desk.blueprint import crumbs, staff, type_or_404
from portal.desk.kinds import singular
from portal.drafts.drafts import NEW_PAGE, begin, open_draft_of
from portal.publishing.checks import is_slug, proposed_slug
from portal.web.clock import real_instant
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services
from portal.web.state import portal
from portal.web.transactions import session

LONGEST_TITLE = 200
PERMISSIONS = {"desk.new": "write", "desk.create": "write"}


@staff.get("/edit/<kind>/new")
def new(kind: str) -> Response:
    """The form of a new page."""
    type_or_404(kind)
    return _page(kind, title="", slug="", errors={})


@staff.post("/edit/<kind>/new")
def create(kind: str) -> AnyResponse:
    """Begin the draft of a new page; a name that is taken or cannot stand in an address is told at its field."""
    type_or_404(kind)
    title = " ".join(clean(request.form.get("title", "")).split())[:LONGEST_TITLE]
    asked = clean(request.form.get("slug", "")).strip().lower()[:LONGEST_TITLE]
    errors: dict[str, str] = {}
    if not title:
        errors["title"] = _("Write a title; it can be changed later.")
    taken = plain_catalogue().documents.get(kind, {})
    slug = asked or proposed_slug(title, tuple(taken))
    if not is_slug(slug):
        errors["slug"] = _("The name in the address may hold a-z, 0-9 and single hyphens only.")
    elif slug in taken or slug == "new" or f"{kind}/{slug}" in plain_catalogue().redirects:
        errors["slug"] = _("There is a page of that name already. Choose another name.")
    elif open_draft_of(session(), kind, slug) is not None:
        errors["slug"] = _("Somebody has begun a page of that name. Choose another name.")
    if errors:
        return _page(kind, title=title, slug=asked, errors=errors, status=422)
    draft = begin(
        session(),
        kind=kind,
        slug=slug,
        files={FACTS_FILE: NEW_PAGE, f"{PRIMARY_LANGUAGE}.md": join_words_file(yaml_text({"title": title}), "")},
        base_files={},
        base=portal().live.source.version(),
        who=current_staff_id(),
        now=real_instant(),
    )
    staff_services().record("editing.begin", draft.key)
    return redirect(url("desk.edit", id_=draft.id), 303)


def _page(kind: str, *, title: str, slug: str, errors: dict[str, str], status: int = 200) -> Response:
    summary = [{"message": message, "href": f"#field-{name}"} for name, message in errors.items()]
    return render_staff(
        "desk/new.html",
        status=status,
        kind=kind,
        one=singular(kind),
        title=title,
        slug=slug,
        errors=errors,
        summary=summary,
        longest=LONGEST_TITLE,
        crumbs=crumbs(kind),
    )
