"""The page of a draft's review: what changes, the notes, what the check finds, and the actions of this person."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from portal.accounts.people import current_staff_id, may, staff_name
from portal.desk.blueprint import checker, crumbs, error_summary
from portal.desk.draft_rows import draft_title
from portal.desk.editor.findings import finding_rows
from portal.desk.review.comparison import change_groups, scheduled_label
from portal.drafts import workflow
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, PUBLISHED, PUBLISHING, REVIEW, SCHEDULED, WITHDRAWN, WRITING, Draft
from portal.drafts.workflow import IllegalTransition, SelfApproval, StaleVersion, can
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_time
from portal.web.transactions import session

WORKFLOW_REFUSALS = (SelfApproval, StaleVersion, IllegalTransition)


@dataclass(frozen=True)
class NoteRow:
    """One note about a draft."""

    author: str
    at: str
    text: str


def review_page(draft: Draft, errors: dict[str, str] | None = None, *, status: int = 0) -> Response:
    """The page, with errors by field; `form` stands for the whole."""
    errors = errors or {}
    own = workflow.is_own(draft, current_staff_id())
    document = plain_catalogue().get(draft.kind, draft.slug)
    notes = workflow.notes_of(session(), draft.id)
    return render_staff(
        "desk/review/review.html",
        status=status or (422 if errors else 200),
        draft=draft,
        title=draft_title(draft),
        states=_steps(draft),
        current=workflow.step_of(draft),
        groups=change_groups(draft.kind, draft.base_files, draft.files),
        notes=[NoteRow(staff_name(note.author), staff_time(note.at), note.text) for note in notes],
        author=", ".join(staff_name(writer) for writer in workflow.contributors(draft)),
        void_words=void_message() if _is_void(draft) and not errors else "",
        reviewer=staff_name(draft.reviewer) if draft.reviewer else "",
        edited=staff_time(draft.edited_at),
        own=own,
        findings=finding_rows(checker().check(draft.kind, draft.slug, draft.files), {}),
        errors=errors,
        summary=error_summary(errors),
        typed=request.form,
        scheduled=scheduled_label(draft.publish_at) if draft.publish_at else "",
        can_publish=may("publish"),
        can_write=may("translate"),
        actions=_available_actions(draft, own=own),
        public_href=address_of(document) if document else "",
        earliest=request_clock().now.strftime("%Y-%m-%dT%H:%M"),
        crumbs=crumbs(draft.kind, title=draft.slug, href=url("desk.edit", id_=draft.id) if draft.is_open else ""),
    )


def workflow_refusal(refused: Exception) -> str:
    """Why an action was refused, and what to do; `refused` is one of WORKFLOW_REFUSALS."""
    if isinstance(refused, SelfApproval):
        return _("You wrote a part of this text. Somebody who wrote nothing in it has to approve it.")
    if isinstance(refused, StaleVersion):
        return _("The text was saved again while you read it. Read what changed below, then decide.")
    assert isinstance(refused, IllegalTransition)
    return _("Meanwhile the draft is: %(state)s.", state=state_label(refused.state))


def void_message() -> str:
    """Why an approval does not count any more, and what to do."""
    return _(
        "The approval does not count any more: the text, or the published page that it replaces, was changed after it. "
        "The draft waits for review again. Read what changes below, then somebody who did not write it approves it."
    )


def _steps(draft: Draft) -> list[dict[str, str]]:
    last = draft.state if draft.state in (SCHEDULED, WITHDRAWN) else PUBLISHED
    return [{"label": state_label(state)} for state in (WRITING, REVIEW, APPROVED, last)]


def _is_void(draft: Draft) -> bool:
    """Whether the draft was approved before as another text or over another page, and waits for review again."""
    return draft.state == REVIEW and bool(draft.approved_digest) and not workflow.is_approval_valid(draft)


def _available_actions(draft: Draft, *, own: bool) -> set[str]:
    """The actions that the page offers to this person in the state of the draft."""
    may_review, may_publish = may("review"), may("publish")
    unread = bool(draft.bypass_reason) and not draft.reviewer and can(draft, "review-afterwards") and may_review
    offered = {
        "send": can(draft, "send") and may("translate"),
        "approve": can(draft, "approve") and may_review and not own,
        "send-back": can(draft, "send-back") and may_review and (draft.state == APPROVED or not own),
        "take-back": draft.state == REVIEW and (own or may_review),
        "emergency": can(draft, "bypass") and may_publish,
        "publish": can(draft, "publish") and may_publish,
        "schedule": can(draft, "publish") and may_publish,
        "cancel": can(draft, "cancel") and may_publish,
        "afterwards": unread and not own,
        "afterwards-other": unread and own,
        "busy": draft.state == PUBLISHING,
    }
    return {action for action, is_offered in offered.items() if is_offered}
