"""Saving the form of a draft, by its button or by a script, and checking it while somebody types.

A text is never lost: one that cannot be saved onto the version that was read is kept as a conflict copy, and the answer
leads to the merge; one that is too long for its field is shown again.
"""

from __future__ import annotations

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, staff_name
from portal.content.problems import ContentError
from portal.content_forms.binding import Submitted
from portal.content_forms.widgets import is_too_long
from portal.desk.begin import begin_again
from portal.desk.blueprint import checker, draft_or_404, form_of, staff, submitted_version
from portal.desk.draft_rows import draft_title
from portal.desk.editor.edit import after_closing
from portal.desk.editor.embedded_values import embedded_values
from portal.desk.editor.findings import finding_rows
from portal.desk.editor.form_context import field_labels
from portal.desk.editor.permitted_fields import may_change
from portal.drafts.drafts import (
    DraftClosed,
    DraftOvertaken,
    Texts,
    keep_conflict_copy,
    read_version,
    record_presence,
    save,
)
from portal.drafts.models import PUBLISHING, Draft, Presence
from portal.publishing.prepare import with_next_sequence
from portal.web.clock import office_zone, real_instant
from portal.web.languages import gettext as _
from portal.web.pages import private, url
from portal.web.staff import render_staff, staff_services, staff_time
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {
    "desk.save_draft": "translate",
    "desk.autosave": "translate",
    "desk.check_draft": "translate",
}
# Fields of the form that are no fields of the document.
CONTROL_FIELDS = frozenset({"csrf_token", "then"})


class BeingPublished(Exception):
    """The draft is being published; nothing can be saved for a second or two."""


@staff.post("/drafts/<id_>")
def save_draft(id_: str) -> AnyResponse:
    """Save the form and go where its button leads."""
    draft = draft_or_404(id_)
    fields, too_long = _submitted_fields()
    try:
        saved, merge_url = _save(draft, fields)
    except BeingPublished:
        message = _("This text is being published at this moment. Nothing is lost; save again in a moment.")
        return _not_saved(draft, message, resend=_submitted(), status=503)
    if too_long:
        message = _("This is too long for its field and was not saved; everything else was. Copy it, make it shorter.")
        return _not_saved(draft, message, too_long=too_long, next_url=merge_url, status=422)
    if saved is None:
        return redirect(merge_url, 303)
    then = request.form.get("then", "")
    if then in ("preview", "review"):
        return redirect(url(f"desk.{then}", id_=saved.id), 303)
    return redirect(url("desk.edit", id_=saved.id) + "#saved", 303)


@staff.post("/drafts/<id_>/autosave")
def autosave(id_: str) -> Response:
    """Save the form while somebody writes; answers a script."""
    draft = draft_or_404(id_)
    fields, too_long = _submitted_fields()
    try:
        saved, merge_url = _save(draft, fields)
    except BeingPublished:
        return _json(503, words=_("This text is being published at this moment."))
    if saved is None:
        return _json(409, merge=merge_url, words=_("Somebody saved before you. Your text is kept; choose what stays."))
    if too_long:
        return _json(413, version=saved.version)
    others = record_presence(session(), saved.id, current_staff_id(), now=real_instant())
    # The real time: a clock that is set for development does not move.
    clock = real_instant().astimezone(office_zone()).strftime("%H:%M")
    words = _("Saved at %(time)s. Nothing is lost.", time=clock)
    return _json(200, version=saved.version, words=words, others=[_presence_label(other) for other in others])


@staff.post("/drafts/<id_>/check")
def check_draft(id_: str) -> Response:
    """What the check finds in the form as it stands, saved or not; answers a script."""
    draft = draft_or_404(id_)
    fields, _too_long = _submitted_fields()
    checked = checker().check(draft.kind, draft.slug, form_of(draft.kind).put(draft.files, fields))
    return _json(200, findings=finding_rows(checked, _labels(draft)), values=embedded_values(checked.document))


def _presence_label(other: Presence) -> str:
    return _(
        "%(name)s has had this page open since %(time)s.",
        name=staff_name(other.person),
        time=staff_time(other.since),
    )


def _json(status: int, **values: object) -> Response:
    response: Response = jsonify(**values)
    response.status_code = status
    return private(response)


def _save(draft: Draft, fields: Submitted) -> tuple[Draft | None, str]:
    """The saved draft; or None and the address at which two texts are merged. Raises BeingPublished."""
    version = submitted_version(default=draft.version)
    try:
        base_files = read_version(session(), draft.id, version)
        saved = save(
            session(),
            draft.id,
            version=version,
            files=with_sequence(draft, form_of(draft.kind).put(base_files, fields)),
            base_files=base_files,
            who=current_staff_id(),
            now=real_instant(),
        )
    except DraftOvertaken as overtaken:
        return None, url("desk.merge", id_=overtaken.draft.id) + f"?of={overtaken.conflict_copy.id}"
    except DraftClosed as closed:
        return None, _keep_beside_new_draft(closed)
    if saved.version == version + 1 and saved.editor == current_staff_id():
        staff_services().record("editing.save", f"{saved.key}#{saved.id}@{saved.version}")
    return saved, ""


def _keep_beside_new_draft(closed: DraftClosed) -> str:
    """Keep the texts beside a new draft of the page; gives the address of the merge. Raises BeingPublished."""
    if closed.draft.state == PUBLISHING:
        raise BeingPublished
    if closed.files == closed.base_files:
        return after_closing(closed.draft)
    draft = begin_again(closed.draft)
    conflict_copy = keep_conflict_copy(
        session(), draft.id, closed.files, closed.base_files, who=current_staff_id(), now=real_instant()
    )
    return url("desk.merge", id_=draft.id) + f"?of={conflict_copy.id}"


def with_sequence(draft: Draft, files: Texts) -> Texts:
    """The texts with the sequence of their calendar files raised where a time, place or state changed."""
    stamp = portal().calendar_stamps.get(draft.kind)
    if stamp is None or not draft.base_files or files == draft.files:
        return files
    try:
        published = checker().document(draft.kind, draft.slug, draft.base_files)
        edited = checker().document(draft.kind, draft.slug, files)
    except ContentError:
        return files
    return with_next_sequence(files, published, edited, stamp, now=real_instant(), zone=office_zone())


def _submitted() -> Submitted:
    return {name: request.form.getlist(name) for name in request.form}


def _submitted_fields() -> tuple[Submitted, Submitted]:
    """The fields that this person may change, and those of them that are too long; translators change no original."""
    fields = {name: texts for name, texts in _submitted().items() if may_change(name)}
    too_long = {name: texts for name, texts in fields.items() if is_too_long(name, texts)}
    return {name: texts for name, texts in fields.items() if name not in too_long}, too_long


def _labels(draft: Draft) -> dict[str, str]:
    form = form_of(draft.kind)
    words = [field for code in form.languages for field in form.words(draft.files, code)]
    return field_labels([*form.facts(draft.files), *words])


def _not_saved(
    draft: Draft,
    message: str,
    *,
    resend: Submitted | None = None,
    too_long: Submitted | None = None,
    next_url: str = "",
    status: int,
) -> Response:
    """The page that shows what was not saved: a form that sends all fields again, or the texts that are too long."""
    labels = _labels(draft)
    return render_staff(
        "desk/editor/not_saved.html",
        status=status,
        draft=draft,
        title=draft_title(draft),
        message=message,
        resend=[(name, text) for name, texts in (resend or {}).items() if name not in CONTROL_FIELDS for text in texts],
        too_long=[
            {"label": labels.get(name, name), "text": "\n".join(texts)} for name, texts in (too_long or {}).items()
        ],
        next_url=next_url or url("desk.edit", id_=draft.id),
    )
