"""Publishing a draft: now, at a later time, or in an emergency before its review; and cancelling a scheduled one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff, current_staff_id, may, person_of, staff_name, staff_named
from portal.content.sources.repository import Person
from portal.desk.blueprint import draft_or_404, staff, submitted_version
from portal.desk.review.page import WORKFLOW_REFUSALS, review_page, void_message, workflow_refusal
from portal.desk.review.review import act
from portal.drafts import workflow
from portal.drafts.drafts import to_be_published
from portal.drafts.models import SCHEDULED, Draft
from portal.languages.catalogues import translations_of
from portal.messages import N_
from portal.publishing.edits import Edit, EditConflict, NotWritten, edit_of
from portal.publishing.prepare import with_first_note
from portal.publishing.scheduled import waiting_folder
from portal.publishing.wiring import REFUSALS, publish_edit, refusal_message
from portal.web.clock import office_zone, real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import NotPublished, staff_services
from portal.web.transactions import session

PERMISSIONS = {
    "desk.approve": "review",
    "desk.publish_draft": "publish",
    "desk.publish_unread": "publish",
    "desk.cancel_schedule": "publish",
}


@staff.post("/drafts/<id_>/approve")
def approve(id_: str) -> AnyResponse:
    """Approve the version that was read; with `then=publish` it is published at once."""
    draft = draft_or_404(id_)
    answer = act(
        draft, "approve", workflow.approve, by=current_staff_id(), version=submitted_version(), now=real_instant()
    )
    if request.form.get("then") == "publish" and answer.status_code == 303 and may("publish"):
        return publish_and_show(draft_or_404(id_))
    return answer


@staff.post("/drafts/<id_>/publish")
def publish_draft(id_: str) -> AnyResponse:
    """Publish an approved draft, now or at the chosen moment."""
    draft = draft_or_404(id_)
    if "at" not in request.form:
        return publish_and_show(draft)
    try:
        at = datetime.fromisoformat(request.form["at"].strip()).replace(tzinfo=office_zone())
    except ValueError:
        return review_page(draft, {"at": _("Choose a day and a time.")})
    if at <= request_clock().now:
        return review_page(draft, {"at": _("Choose a time that is still to come, or publish now.")})
    return publish_and_show(draft, at=at.replace(second=0, microsecond=0))


@staff.post("/drafts/<id_>/publish-unread")
def publish_unread(id_: str) -> AnyResponse:
    """Publish before anybody read it: noted, and put on the list of what is to be read afterwards."""
    draft, reason = draft_or_404(id_), request.form.get("emergency", "")
    if not reason.strip():
        return review_page(draft, {"emergency": _("Say what the emergency is; others will read it.")})
    try:
        workflow.bypass(session(), draft.id, version=submitted_version(), reason=reason)
    except WORKFLOW_REFUSALS as refused:
        return review_page(draft, {"form": workflow_refusal(refused)}, status=409)
    return publish_and_show(draft_or_404(id_), action="publish-unread")


@staff.post("/drafts/<id_>/cancel")
def cancel_schedule(id_: str) -> AnyResponse:
    """Take a change that waits for its moment back; its draft is open again."""
    draft = draft_or_404(id_)
    if draft.state != SCHEDULED or draft.publish_at is None or draft.publish_at <= request_clock().now:
        return review_page(draft, {"form": _("This change does not wait any more.")}, status=409)
    if draft.is_new:
        return review_page(
            draft, {"form": _("A new page that waits is changed by a new draft: choose another day there.")}
        )
    folder = waiting_folder(draft.key, draft.publish_at, office_zone())
    author = current_staff()
    reason = f"{draft.key}: cancelled the change of {draft.publish_at.astimezone(office_zone()):%Y-%m-%d %H:%M}"
    try:
        publish_edit(Edit(author=author.id, person=person_of(author), reason=reason, cancels=(folder,)))
    except (NotPublished, *REFUSALS) as refused:
        return review_page(draft, {"form": _refusal_message(refused)}, status=409)
    return act(draft, "cancel", workflow.cancel)


def publish_and_show(draft: Draft, *, at: datetime | None = None, action: str = "") -> AnyResponse:
    """Publish the draft and show it again; a page published by somebody else meanwhile leads to the merge."""
    id_, key = draft.id, draft.key
    if not action and workflow.void_stale_approval(session(), id_, now=real_instant()):
        staff_services().record("editing.void", f"{key}#{id_}")
        return review_page(draft_or_404(id_), {"form": void_message()}, status=409)
    edit = edit_of(
        draft,
        _finished(draft, at),
        person=_person(draft.author),
        committer=person_of(current_staff()),
        approved_by=staff_name(draft.reviewer) if draft.reviewer else "",
        at=at,
        co_authors=tuple(_person(writer) for writer in workflow.contributors(draft) if writer != draft.author),
    )
    try:
        publish_edit(edit)
    except EditConflict:
        workflow.reopen(session(), id_, now=real_instant())
        staff_services().record("editing.conflict", f"{key}#{id_}")
        return redirect(url("desk.merge", id_=id_), 303)
    except (NotPublished, *REFUSALS) as refused:
        return review_page(draft_or_404(id_), {"form": _refusal_message(refused)}, status=_status(refused))
    staff_services().record(f"editing.{action or ('schedule' if at else 'publish')}", f"{key}#{id_}")
    return redirect(url("desk.review", id_=id_), 303)


def _finished(draft: Draft, at: datetime | None) -> Mapping[str, str]:
    """The draft's texts as they are published: those of a new page tell of its publication, so that feeds have it."""
    files = to_be_published(draft.files)
    if not draft.is_new:
        return files
    on = (at or request_clock().now).astimezone(office_zone()).date()
    words = N_("This page was first published.")
    notes = {code: translations_of(code).gettext(words) for code in plain_catalogue().site.language_codes}
    return with_first_note(files, on=on, notes=notes)


def _person(id_: str) -> Person:
    person = staff_named(session(), id_)
    return person_of(person) if person else Person(staff_name(id_), "")


def _refusal_message(refused: Exception) -> str:
    return str(refused) if isinstance(refused, NotPublished) else refusal_message(refused)


def _status(refused: Exception) -> int:
    return 503 if isinstance(refused, NotWritten) else 409
