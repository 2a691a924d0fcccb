"""The form of a draft comes back: saved by its button or by itself, checked while somebody types, never lost."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may, staff_name
from portal.content.document import PRIMARY_LANGUAGE
from portal.content.problems import ContentError
from portal.content_forms.binding import Submitted
from portal.content_forms.widgets import is_too_long
from portal.desk.blueprint import checker, draft_or_404, form_of, now_real, sent, served, staff
from portal.desk.dashboard.today import title_of
from portal.desk.documents.edit import after_closing
from portal.desk.documents.field_choices import labelled
from portal.desk.documents.findings import findings
from portal.desk.documents.reference_hints import values_in
from portal.drafts.drafts import (
    DraftClosed,
    DraftOvertaken,
    Texts,
    begin,
    keep_conflict_copy,
    read_version,
    record_presence,
    save,
)
from portal.drafts.models import PUBLISHING, Draft, Presence
from portal.publishing.prepare import with_next_sequence
from portal.web.clock import office_zone, real_instant
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, private, url
from portal.web.staff import render_staff, staff_time
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {
    "desk.save_draft": "translate",
    "desk.autosave": "translate",
    "desk.check_draft": "translate",
}
# Fields of the form that are no words of a person.
LEFT_OUT = frozenset({"csrf_token", "then"})


class BeingPublished(Exception):
    """The draft is on its way out at this moment; nothing can be saved for a second or two."""


@staff.post("/drafts/<id_>")
def save_draft(id_: str) -> AnyResponse:
    """Save the form; a version that somebody overtook leads to the merge, with everything kept."""
    draft = draft_or_404(id_)
    given, long = _told_apart(_allowed(sent()))
    try:
        saved, lead = _save(draft, given)
    except BeingPublished:
        words = _("This text is being published at this moment. Nothing is lost; save again in a moment.")
        return _kept(draft, words, again=sent(), shown={}, status=503)
    if long:
        words = _("This is too long for its field and was not saved; everything else was. Copy it, make it shorter.")
        return _kept(draft, words, again={}, shown=long, lead=lead, status=422)
    if saved is None:
        return redirect(lead, 303)
    then = request.form.get("then", "")
    if then == "preview":
        return redirect(url("desk.preview", id_=saved.id), 303)
    if then == "review":
        return redirect(url("desk.review", id_=saved.id), 303)
    return redirect(url("desk.edit", id_=saved.id) + "#saved", 303)


@staff.post("/drafts/<id_>/autosave")
def autosave(id_: str) -> Response:
    """Save what stands in the form while somebody writes; answers a script."""
    draft = draft_or_404(id_)
    given, long = _told_apart(_allowed(sent()))
    try:
        saved, lead = _save(draft, given)
    except BeingPublished:
        return _told(503, words=_("This text is being published at this moment."))
    if saved is None:
        words = _("Somebody saved before you. Your text is kept; choose what stays.")
        return _told(409, merge=lead, words=words)
    if long:
        return _told(413, version=saved.version)
    others = record_presence(session(), saved.id, current_staff_id(), now=real_instant())
    words = _("Saved at %(time)s. Nothing is lost.", time=now_real())
    return _told(200, version=saved.version, words=words, others=[others_words(one) for one in others])


@staff.post("/drafts/<id_>/check")
def check_draft(id_: str) -> Response:
    """What the check finds in the form as it stands, saved or not; answers a script."""
    draft = draft_or_404(id_)
    given, _long = _told_apart(_allowed(sent()))
    checked = checker().check(draft.kind, draft.slug, form_of(draft.kind).put(draft.files, given))
    return _told(200, findings=findings(checked, _names(draft)), values=values_in(checked.document))


def others_words(one: Presence) -> str:
    """Who else has the draft open, and since when."""
    return _("%(name)s has had this page open since %(time)s.", name=staff_name(one.person), time=staff_time(one.since))


def _told(status: int, **values: object) -> Response:
    response: Response = jsonify(**values)
    response.status_code = status
    return private(response)


def _save(draft: Draft, given: Submitted) -> tuple[Draft | None, str]:
    """The saved draft, or the address at which two texts are merged; raises BeingPublished."""
    asked = request.form.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 9 else draft.version
    form, now = form_of(draft.kind), real_instant()
    try:
        base_files = read_version(session(), draft.id, version)
        saved = save(
            session(),
            draft.id,
            version=version,
            files=_numbered(draft, form.put(base_files, given)),
            base_files=base_files,
            who=current_staff_id(),
            now=now,
        )
    except DraftOvertaken as overtaken:
        return None, url("desk.merge", id_=overtaken.draft.id) + f"?of={overtaken.conflict_copy.id}"
    except DraftClosed as closed:
        return None, _begun_anew(closed)
    return saved, ""


def _begun_anew(closed: DraftClosed) -> str:
    """Where a text goes whose draft was published or discarded meanwhile: beside a new draft of the page."""
    draft, now = closed.draft, real_instant()
    if draft.state == PUBLISHING:
        raise BeingPublished
    if closed.files == closed.base_files:
        return after_closing(draft)
    opened = served(draft.kind, draft.slug)
    fresh = begin(
        session(),
        kind=draft.kind,
        slug=draft.slug,
        files=opened.files if opened else draft.files,
        base_files=opened.files if opened else {},
        base=opened.base if opened else "",
        who=current_staff_id(),
        now=now,
    )
    kept = keep_conflict_copy(session(), fresh.id, closed.files, closed.base_files, who=current_staff_id(), now=now)
    return url("desk.merge", id_=fresh.id) + f"?of={kept.id}"


def _numbered(draft: Draft, files: Texts) -> Texts:
    """The texts with the number of their calendar files raised where a time, place or state changed."""
    stamp = portal().calendar_stamps.get(draft.kind)
    if stamp is None or not draft.base_files or files == draft.files:
        return files
    try:
        published = checker().document(draft.kind, draft.slug, draft.base_files)
        edited = checker().document(draft.kind, draft.slug, files)
    except ContentError:
        return files
    return with_next_sequence(files, published, edited, stamp, now=real_instant(), zone=office_zone())


def _allowed(given: Submitted) -> Submitted:
    """What this person may change: translators change the words of the other languages only."""
    if may("write"):
        return given
    codes = [code for code in plain_catalogue().site.language_codes if code != PRIMARY_LANGUAGE]
    return {name: texts for name, texts in given.items() if name.startswith(tuple(f"{code}." for code in codes))}


def _told_apart(given: Submitted) -> tuple[Submitted, Submitted]:
    """The fields that can be saved, and those that are too long for what they are."""
    long = {name: texts for name, texts in given.items() if is_too_long(name, texts)}
    return {name: texts for name, texts in given.items() if name not in long}, long


def _names(draft: Draft) -> dict[str, str]:
    """The dotted name of every field with its label."""
    form = form_of(draft.kind)
    fields = [*form.facts(draft.files), *(one for code in form.languages for one in form.words(draft.files, code))]
    return dict(labelled(fields))


def _kept(
    draft: Draft, words: str, *, again: Mapping[str, list[str]], shown: Submitted, lead: str = "", status: int
) -> Response:
    names = _names(draft)
    return render_staff(
        "desk/kept.html",
        status=status,
        draft=draft,
        title=title_of(draft),
        words=words,
        again=[(name, text) for name, texts in again.items() if name not in LEFT_OUT for text in texts],
        shown=[{"label": names.get(name, name), "text": "\n".join(texts)} for name, texts in shown.items()],
        lead=lead or url("desk.edit", id_=draft.id),
    )
