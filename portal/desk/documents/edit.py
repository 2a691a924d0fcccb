"""Writing: a draft begun, its form, and letting it go."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may, staff_name
from portal.content.document import PRIMARY_LANGUAGE
from portal.content_forms.binding import Field
from portal.content_forms.document_form import STAMP, mapping_of, split_words_file, translatable_digest
from portal.desk.blueprint import checker, crumbs, document_or_404, draft_or_404, form_of, served, staff
from portal.desk.dashboard.today import title_of
from portal.desk.documents.field_choices import ShownForm, labelled
from portal.desk.documents.findings import by_field, findings
from portal.desk.documents.reference_hints import values_in
from portal.desk.documents.sections import sections
from portal.desk.kinds import singular
from portal.drafts.drafts import (
    DraftClosed,
    begin,
    conflict_copies_of,
    discard,
    is_base_current,
    open_draft_of,
    record_presence,
    to_be_published,
)
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, REVIEW, WRITING, Draft, Presence
from portal.web.clock import real_instant
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services, staff_time
from portal.web.transactions import session

PERMISSIONS = {
    "desk.begin_edit": "translate",
    "desk.edit": "translate",
    "desk.discard_draft": "write",
}
WRITABLE = (WRITING, REVIEW, APPROVED)


@staff.post("/edit/<kind>/<slug>/begin")
def begin_edit(kind: str, slug: str) -> AnyResponse:
    """Begin a draft of a served page, or go on with the open one."""
    document_or_404(kind, slug)
    opened = served(kind, slug)
    if opened is None:
        abort(404)
    before = open_draft_of(session(), kind, slug)
    draft = begin(
        session(),
        kind=kind,
        slug=slug,
        files=to_be_published(opened.files),
        base_files=opened.files,
        base=opened.base,
        who=current_staff_id(),
        now=real_instant(),
    )
    if before is None:
        staff_services().record("editing.begin", draft.key)
    return redirect(url("desk.edit", id_=draft.id), 303)


@staff.get("/drafts/<id_>")
def edit(id_: str) -> AnyResponse:
    """The form of a draft, with who else has it open and what the check finds."""
    draft = draft_or_404(id_)
    if draft.state not in WRITABLE:
        return redirect(after_closing(draft), 303)
    others = record_presence(session(), draft.id, current_staff_id(), now=real_instant())
    return page_of(draft, others)


def page_of(draft: Draft, others: list[Presence], *, status: int = 200) -> Response:
    """The page of a draft's form."""
    form, catalogue = form_of(draft.kind), plain_catalogue()
    facts = form.facts(draft.files)
    words = {code: form.words(draft.files, code) for code in form.languages}
    fields = [*facts, *(one for code in form.languages for one in words[code])]
    names = dict(labelled(fields))
    checked = checker().check(draft.kind, draft.slug, draft.files)
    opened = served(draft.kind, draft.slug)
    return render_staff(
        "desk/edit.html",
        status=status,
        draft=draft,
        title=title_of(draft),
        kind_words=singular(draft.kind),
        state_words=state_label(draft.state),
        saved_at=staff_time(draft.edited_at),
        saved_by=staff_name(draft.editor) if draft.editor != current_staff_id() else "",
        others=[{"name": staff_name(one.person), "since": staff_time(one.since)} for one in others],
        waiting=conflict_copies_of(session(), draft.id, current_staff_id()),
        is_stale=not is_base_current(draft, opened.files if opened else None),
        sides=[_side(draft, code, words[code]) for code in form.languages],
        sections=sections(draft.kind, facts),
        findings=findings(checked, names),
        values=values_in(checked.document),
        desk_form=ShownForm(catalogue, language(), fields, by_field(checked, names)),
        can_send="desk.review" in current_app.view_functions,
        may_write=may("write"),
        crumbs=crumbs(draft.kind, title=draft.slug, href=_document_href(draft)),
    )


@staff.post("/drafts/<id_>/discard")
def discard_draft(id_: str) -> AnyResponse:
    """Let a draft go; what readers see stays as it is."""
    draft = draft_or_404(id_)
    try:
        discard(session(), draft.id, now=real_instant())
    except DraftClosed:
        return redirect(after_closing(draft), 303)
    staff_services().record("editing.discard", draft.key)
    return redirect(_document_href(draft) or url("desk.index"), 303)


def _side(draft: Draft, code: str, fields: tuple[Field, ...]) -> dict[str, Any]:
    names = {one.code: one.name for one in plain_catalogue().site.languages}
    state, words = _language_state(draft, code)
    return {
        "label": names[code],
        "lang": code,
        "state": state,
        "words": words,
        "fields": fields,
        "stamp": f"{code}.{STAMP}" if code != PRIMARY_LANGUAGE else "",
        "is_open": may("write") or code != PRIMARY_LANGUAGE,
    }


def _language_state(draft: Draft, code: str) -> tuple[str, str]:
    text = draft.files.get(f"{code}.md", "")
    if not text:
        return "missing", _("Missing")
    if code == PRIMARY_LANGUAGE:
        return "done", _("Original")
    mark = mapping_of(split_words_file(text)[0]).get("translates")
    if mark == translatable_digest(draft.files.get(f"{PRIMARY_LANGUAGE}.md", "")):
        return "current", _("Current")
    return "outdated", _("Behind the Indonesian text")


def _document_href(draft: Draft) -> str:
    if plain_catalogue().get(draft.kind, draft.slug) is None:
        return ""
    return url("desk.document", kind=draft.kind, slug=draft.slug)


def after_closing(draft: Draft) -> str:
    """Where to go when a draft cannot be written any more."""
    return _document_href(draft) or url("desk.index")
