"""Writing: a draft begun, its form, saving by hand and by itself, the check while typing, and letting it go."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.document import PRIMARY_LANGUAGE
from portal.content.facts import ContentError
from portal.editing.checking import Checked
from portal.editing.drafts import (
    DraftClosed,
    DraftMoved,
    Texts,
    appear,
    begin,
    discard,
    is_base_current,
    keep_unmerged,
    open_draft_of,
    save,
    to_be_published,
    unmerged_of,
)
from portal.editing.forms import wording
from portal.editing.forms.filling import Field, Sent
from portal.editing.forms.pages import STAMP, mapping_of, split, translatable
from portal.editing.models import APPROVED, REVIEW, WRITING, Draft, Presence
from portal.editing.sequences import has_sequence, numbered
from portal.editing.views.blueprint import (
    checker,
    crumbs,
    document_or_404,
    draft_or_404,
    form_of,
    may,
    name_of,
    now_real,
    plain_catalogue,
    sent,
    served,
    staff,
    who,
    zone,
)
from portal.editing.views.field_choices import ShownForm, labelled
from portal.editing.views.home import draft_words, title_of, when
from portal.editing.views.layout import sections
from portal.editing.views.shared_values import values_in
from portal.web.desk import desk, render_staff
from portal.web.languages import language
from portal.web.moment import real_instant
from portal.web.pages import private, url
from portal.web.transactions import session
from portal.web.words import gettext as _

PERMISSIONS = {
    "editing.begin_edit": "translate",
    "editing.edit": "translate",
    "editing.save_draft": "translate",
    "editing.autosave": "translate",
    "editing.check_draft": "translate",
    "editing.discard_draft": "write",
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
        who=who(),
        now=real_instant(),
    )
    if before is None:
        desk().record("editing.begin", draft.key)
    return redirect(url("editing.edit", id_=draft.id), 303)


@staff.get("/drafts/<id_>")
def edit(id_: str) -> AnyResponse:
    """The form of a draft, with who else has it open and what the check finds."""
    draft = draft_or_404(id_)
    if draft.state not in WRITABLE:
        return redirect(_after_closing(draft), 303)
    others = appear(session(), draft.id, who(), now=real_instant())
    return page_of(draft, others)


def page_of(draft: Draft, others: list[Presence], *, status: int = 200) -> Response:
    """The page of a draft's form."""
    form, catalogue = form_of(draft.kind), plain_catalogue()
    facts = form.facts(draft.files)
    words = {code: form.words(draft.files, code) for code in form.languages}
    fields = [*facts, *(one for code in form.languages for one in words[code])]
    names = dict(labelled(draft.kind, fields))
    checked = checker().check(draft.kind, draft.slug, draft.files)
    opened = served(draft.kind, draft.slug)
    return render_staff(
        "editing/edit.html",
        status=status,
        draft=draft,
        title=title_of(draft),
        kind_words=wording.one_of(draft.kind),
        state_words=draft_words(draft.state),
        saved_at=when(draft.edited_at),
        saved_by=name_of(draft.editor) if draft.editor != who() else "",
        others=[{"name": name_of(one.person), "since": when(one.since)} for one in others],
        waiting=unmerged_of(session(), draft.id, who()),
        is_stale=not is_base_current(draft, opened.files if opened else None),
        sides=[_side(draft, code, words[code]) for code in form.languages],
        sections=sections(draft.kind, facts),
        findings=findings(checked, names),
        values=values_in(checked.document),
        desk_form=ShownForm(draft.kind, catalogue, language(), fields, _by_field(checked, names)),
        can_send="editing.review" in current_app.view_functions,
        may_write=may("write"),
        crumbs=crumbs(draft.kind, title=draft.slug, href=_document_href(draft)),
    )


@staff.post("/drafts/<id_>")
def save_draft(id_: str) -> AnyResponse:
    """Save the form; a version that somebody overtook leads to the merge, with everything kept."""
    draft = draft_or_404(id_)
    saved, lead = _save(draft)
    if saved is None:
        return redirect(lead, 303)
    then = request.form.get("then", "")
    if then == "preview":
        return redirect(url("editing.preview", id_=saved.id), 303)
    if then == "review":
        return redirect(_review_href(saved), 303)
    return redirect(url("editing.edit", id_=saved.id) + "#saved", 303)


@staff.post("/drafts/<id_>/autosave")
def autosave(id_: str) -> Response:
    """Save what stands in the form while somebody writes; answers a script."""
    draft = draft_or_404(id_)
    saved, lead = _save(draft)
    if saved is None:
        response = jsonify(merge=lead, words=_("Somebody saved before you. Your text is kept; choose what stays."))
        response.status_code = 409
        return private(response)
    others = appear(session(), saved.id, who(), now=real_instant())
    return private(
        jsonify(
            version=saved.version,
            words=_("Saved at %(time)s. Nothing is lost.", time=now_real()),
            others=[others_words(one) for one in others],
        )
    )


@staff.post("/drafts/<id_>/check")
def check_draft(id_: str) -> Response:
    """What the check finds in the form as it stands, saved or not; answers a script."""
    draft = draft_or_404(id_)
    files = form_of(draft.kind).put(draft.files, _allowed(sent()))
    checked = checker().check(draft.kind, draft.slug, files)
    return private(jsonify(findings=findings(checked, _names(draft)), values=values_in(checked.document)))


@staff.post("/drafts/<id_>/discard")
def discard_draft(id_: str) -> AnyResponse:
    """Let a draft go; what readers see stays as it is."""
    draft = draft_or_404(id_)
    try:
        discard(session(), draft.id, now=real_instant())
    except DraftClosed:
        return redirect(_after_closing(draft), 303)
    desk().record("editing.discard", draft.key)
    return redirect(_document_href(draft) or url("editing.index"), 303)


def others_words(one: Presence) -> str:
    """Who else has the draft open, and since when."""
    return _("%(name)s has had this page open since %(time)s.", name=name_of(one.person), time=when(one.since))


def findings(checked: Checked, names: dict[str, str]) -> list[dict[str, Any]]:
    """What the check found, as the panel shows it: field, words, and where to mend it."""
    found = []
    for one in checked.findings:
        name = _nearest(one.name, names)
        part = name.partition(".")[0]
        where = names.get(name, "")
        if part in plain_catalogue().site.language_codes:
            where = f"{where} ({part})" if where else part
        found.append({"message": one.message, "where": where, "href": "#" + id_of(name), "is_warning": one.is_warning})
    return found


def id_of(name: str) -> str:
    """The id of the element that holds a field."""
    return "field-" + name.replace(".", "-").replace("_", "-").replace("!", "")


def _save(draft: Draft) -> tuple[Draft | None, str]:
    """The saved draft, or the address at which two texts are merged."""
    asked = request.form.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 9 else draft.version
    allowed, form, now = _allowed(sent()), form_of(draft.kind), real_instant()
    try:
        saved = save(
            session(),
            draft.id,
            version=version,
            put=lambda files: _numbered(draft, form.put(files, allowed)),
            who=who(),
            now=now,
        )
    except DraftMoved as moved:
        return None, url("editing.merge", id_=moved.draft.id) + f"?of={moved.unmerged.id}"
    except DraftClosed as closed:
        if closed.files == closed.base_files:
            return None, _after_closing(closed.draft)
        opened = served(draft.kind, draft.slug)
        files = opened.files if opened else closed.draft.files
        fresh = begin(
            session(),
            kind=draft.kind,
            slug=draft.slug,
            files=files,
            base_files=opened.files if opened else {},
            base=opened.base if opened else "",
            who=who(),
            now=now,
        )
        kept = keep_unmerged(session(), fresh.id, closed.files, closed.base_files, who=who(), now=now)
        return None, url("editing.merge", id_=fresh.id) + f"?of={kept.id}"
    return saved, ""


def _numbered(draft: Draft, files: Texts) -> Texts:
    """The texts with the number of their calendar files raised where a time, place or state changed."""
    if not has_sequence(draft.kind) or not draft.base_files or files == draft.files:
        return files
    try:
        published = checker().document(draft.kind, draft.slug, draft.base_files)
        edited = checker().document(draft.kind, draft.slug, files)
    except ContentError:
        return files
    return numbered(files, published, edited, now=real_instant(), zone=zone())


def _allowed(given: Sent) -> Sent:
    """What this person may change: translators change the words of the other languages only."""
    if may("write"):
        return given
    codes = [code for code in plain_catalogue().site.language_codes if code != PRIMARY_LANGUAGE]
    return {name: texts for name, texts in given.items() if name.startswith(tuple(f"{code}." for code in codes))}


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
    mark = mapping_of(split(text)[0]).get("translates")
    if mark == translatable(draft.files.get(f"{PRIMARY_LANGUAGE}.md", "")):
        return "current", _("Current")
    return "outdated", _("Behind the Indonesian text")


def _names(draft: Draft) -> dict[str, str]:
    """The dotted name of every field with its label."""
    form = form_of(draft.kind)
    fields = [*form.facts(draft.files), *(one for code in form.languages for one in form.words(draft.files, code))]
    return dict(labelled(draft.kind, fields))


def _nearest(name: str, names: dict[str, str]) -> str:
    """The field itself, or the one around it."""
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name or "form"


def _by_field(checked: Checked, names: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in checked.errors:
        found.setdefault(_nearest(one.name, names), one.message)
    return found


def _document_href(draft: Draft) -> str:
    if plain_catalogue().get(draft.kind, draft.slug) is None:
        return ""
    return url("editing.document", kind=draft.kind, slug=draft.slug)


def _after_closing(draft: Draft) -> str:
    return _document_href(draft) or url("editing.index")


def _review_href(draft: Draft) -> str:
    return url("editing.review", id_=draft.id)
