"""The form of a draft: begun from a served page, shown, discarded."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may, staff_name
from portal.content.document import PRIMARY_LANGUAGE
from portal.content_forms.binding import Field
from portal.content_forms.document_form import STAMP, mapping_of, split_words_file, translatable_digest
from portal.desk.begin import begin_from_served
from portal.desk.blueprint import checker, crumbs, document_or_404, draft_or_404, form_of, served, staff
from portal.desk.draft_rows import draft_title
from portal.desk.editor.embedded_values import embedded_values
from portal.desk.editor.findings import finding_rows, first_errors
from portal.desk.editor.form_context import FormContext, field_labels
from portal.desk.editor.form_sections import form_sections
from portal.desk.kinds import singular
from portal.drafts.drafts import (
    DraftClosed,
    conflict_copies_of,
    discard,
    is_base_current,
    open_draft_of,
    record_presence,
)
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, REVIEW, WRITING, Draft
from portal.drafts.workflow import note_to_writers
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
    """Begin a draft of a served page, or continue the open one."""
    document_or_404(kind, slug)
    opened = served(kind, slug)
    if opened is None:
        abort(404)
    is_begun = open_draft_of(session(), kind, slug) is not None
    draft = begin_from_served(kind, slug, opened)
    if not is_begun:
        staff_services().record("editing.begin", draft.key)
    return redirect(url("desk.edit", id_=draft.id), 303)


@staff.get("/drafts/<id_>")
def edit(id_: str) -> AnyResponse:
    """The form of a draft, with who else has it open and what the check finds."""
    draft = draft_or_404(id_)
    if draft.state not in WRITABLE:
        return redirect(after_closing(draft), 303)
    others = record_presence(session(), draft.id, current_staff_id(), now=real_instant())
    form = form_of(draft.kind)
    facts = form.facts(draft.files)
    words = {code: form.words(draft.files, code) for code in form.languages}
    fields = [*facts, *(field for code in form.languages for field in words[code])]
    labels = field_labels(fields)
    checked = checker().check(draft.kind, draft.slug, draft.files)
    opened = served(draft.kind, draft.slug)
    return render_staff(
        "desk/editor/edit.html",
        draft=draft,
        title=draft_title(draft),
        kind_words=singular(draft.kind),
        state_words=state_label(draft.state),
        saved_at=staff_time(draft.edited_at),
        saved_by=staff_name(draft.editor) if draft.editor != current_staff_id() else "",
        reviewer_note=_reviewer_note(draft),
        others=[{"name": staff_name(other.person), "since": staff_time(other.since)} for other in others],
        has_conflict_copy=bool(conflict_copies_of(session(), draft.id, current_staff_id())),
        is_stale=not is_base_current(draft, opened.files if opened else None),
        sides=[_side(draft, code, words[code]) for code in form.languages],
        sections=form_sections(draft.kind, facts),
        findings=finding_rows(checked, labels),
        values=embedded_values(checked.document),
        form=FormContext(plain_catalogue(), language(), fields, first_errors(checked, labels)),
        may_write=may("write"),
        crumbs=crumbs(draft.kind, title=draft.slug, href=_document_href(draft)),
    )


@staff.post("/drafts/<id_>/discard")
def discard_draft(id_: str) -> AnyResponse:
    """Close a draft without publishing it."""
    draft = draft_or_404(id_)
    try:
        discard(session(), draft.id, now=real_instant())
    except DraftClosed:
        return redirect(after_closing(draft), 303)
    staff_services().record("editing.discard", draft.key)
    return redirect(_document_href(draft) or url("desk.index"), 303)


@dataclass(frozen=True)
class ReviewerNote:
    """The newest note of somebody else on a draft: who, when, what."""

    author: str
    at: str
    text: str


def _reviewer_note(draft: Draft) -> ReviewerNote | None:
    note = note_to_writers(session(), draft)
    return ReviewerNote(staff_name(note.author), staff_time(note.at), note.text) if note else None


@dataclass(frozen=True)
class LanguageSide:
    """The words of one language; `stamp` is the field that marks a translation as current, empty for the original."""

    label: str
    lang: str
    state: str
    words: str
    fields: tuple[Field, ...]
    stamp: str
    is_open: bool


def _side(draft: Draft, code: str, fields: tuple[Field, ...]) -> LanguageSide:
    names = {entry.code: entry.name for entry in plain_catalogue().site.languages}
    state, words = _language_state(draft, code)
    is_original = code == PRIMARY_LANGUAGE
    stamp = "" if is_original else f"{code}.{STAMP}"
    return LanguageSide(names[code], code, state, words, fields, stamp, is_open=may("write") or not is_original)


def _language_state(draft: Draft, code: str) -> tuple[str, str]:
    text = draft.files.get(f"{code}.md", "")
    if not text:
        return "missing", _("Missing")
    if code == PRIMARY_LANGUAGE:
        return "done", _("Original")
    digest = mapping_of(split_words_file(text)[0]).get("translates")
    if digest == translatable_digest(draft.files.get(f"{PRIMARY_LANGUAGE}.md", "")):
        return "current", _("Current")
    return "outdated", _("Behind the Indonesian text")


def _document_href(draft: Draft) -> str:
    if plain_catalogue().get(draft.kind, draft.slug) is None:
        return ""
    return url("desk.document", kind=draft.kind, slug=draft.slug)


def after_closing(draft: Draft) -> str:
    """The address to which a draft leads that cannot be written any more."""
    return _document_href(draft) or url("desk.index")
