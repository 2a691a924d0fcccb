"""The preview of a draft: the site's own view, rendered from a catalogue that has the draft in it."""

from __future__ import annotations

from flask import Response, abort, request

from portal.content.problems import ContentError
from portal.desk.blueprint import checker, crumbs, draft_or_404, staff
from portal.desk.draft_rows import draft_title
from portal.desk.editor.findings import finding_rows
from portal.languages import formatting
from portal.web import security
from portal.web.documents.preview import as_published, render_preview, requested_time
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff

PERMISSIONS = {"desk.preview": "read", "desk.preview_page": "read"}
WIDTHS = (360, 1280)


@staff.get("/drafts/<id_>/preview")
def preview(id_: str) -> Response:
    """The draft in a narrow and a wide frame, in the language and at the time chosen."""
    draft = draft_or_404(id_)
    code, at = _chosen_language(), requested_time()
    checked = checker().check(draft.kind, draft.slug, draft.files)
    security.allow("frame-src", "'self'")
    page = url("desk.preview_page", id_=draft.id, lang=code)
    return render_staff(
        "desk/editor/preview.html",
        draft=draft,
        title=draft_title(draft),
        code=code,
        at=at.replace(tzinfo=None).isoformat(timespec="minutes"),
        at_words=formatting.day_clock(at, language()),
        page=f"{page}?at={at.replace(tzinfo=None).isoformat(timespec='minutes')}",
        widths=WIDTHS,
        findings=finding_rows(checked, {}) if checked.document is None else [],
        can_show=checked.document is not None,
        crumbs=crumbs(draft.kind, title=draft_title(draft), href=url("desk.edit", id_=draft.id)),
    )


@staff.get("/drafts/<id_>/page")
def preview_page(id_: str) -> Response:
    """The real page of the draft in the address's language, at the time of `at`, for the frames of the preview."""
    draft = draft_or_404(id_)
    try:
        document = checker().document(draft.kind, draft.slug, draft.files)
    except ContentError:
        abort(404)
    published = as_published(document)
    return render_preview(published, checker().candidate(published), language(), at=requested_time())


def _chosen_language() -> str:
    code = request.args.get("in", language())
    return code if code in plain_catalogue().site.language_codes else language()
