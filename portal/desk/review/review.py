"""Review: what a draft changes, the notes about it, and the actions that move it on."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may
from portal.desk.blueprint import checker, draft_or_404, staff, submitted_version
from portal.desk.review.page import WORKFLOW_REFUSALS, review_page, workflow_refusal
from portal.drafts import workflow
from portal.drafts.models import Draft
from portal.web.clock import real_instant
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.problems import plain_message
from portal.web.staff import staff_services
from portal.web.transactions import session

PERMISSIONS = {
    "desk.review": "read",
    "desk.send_to_review": "translate",
    "desk.take_back": "translate",
    "desk.say": "translate",
    "desk.send_back": "review",
    "desk.review_afterwards": "review",
}


@staff.get("/drafts/<id_>/review")
def review(id_: str) -> Response:
    """What the draft changes, and what can be done with it now."""
    return review_page(draft_or_404(id_))


@staff.post("/drafts/<id_>/send")
def send_to_review(id_: str) -> AnyResponse:
    """Ask for a second pair of eyes."""
    draft, reason = draft_or_404(id_), request.form.get("reason", "")
    if not reason.strip():
        return review_page(draft, {"reason": _("Say in one sentence why the page changes.")})
    errors = checker().check(draft.kind, draft.slug, draft.files).errors
    if errors:
        message = _("The check finds things to correct first: %(what)s", what=plain_message(errors[0]))
        return review_page(draft, {"form": message})
    return act(draft, "send", workflow.send_to_review, version=submitted_version(), reason=reason, now=real_instant())


@staff.post("/drafts/<id_>/take-back")
def take_back(id_: str) -> AnyResponse:
    """Take a draft back from its review to write on."""
    draft = draft_or_404(id_)
    if not workflow.is_own(draft, current_staff_id()) and not may("review"):
        abort(403)
    return act(draft, "take-back", workflow.take_back, now=real_instant(), next_url=url("desk.edit", id_=draft.id))


@staff.post("/drafts/<id_>/say")
def say(id_: str) -> AnyResponse:
    """Add a note about the draft."""
    draft, text = draft_or_404(id_), request.form.get("text", "")
    if not text.strip():
        return review_page(draft, {"text": _("Write what you want to say.")})
    return act(draft, "say", workflow.say, by=current_staff_id(), text=text, now=real_instant())


@staff.post("/drafts/<id_>/send-back")
def send_back(id_: str) -> AnyResponse:
    """Give the draft back with a note."""
    draft, note = draft_or_404(id_), request.form.get("note", "")
    if not note.strip():
        return review_page(draft, {"note": _("Say what has to change, so that the author need not guess.")})
    return act(draft, "send-back", workflow.send_back, by=current_staff_id(), note=note, now=real_instant())


@staff.post("/drafts/<id_>/afterwards")
def review_afterwards(id_: str) -> AnyResponse:
    """Approve what was published in an emergency."""
    draft = draft_or_404(id_)
    return act(draft, "review-afterwards", workflow.review_afterwards, by=current_staff_id())


def act(
    draft: Draft, action: str, transition: Callable[..., object], *, next_url: str = "", **arguments: object
) -> AnyResponse:
    """Call a function of the workflow, record the action and show the draft again, or why it was refused."""
    id_, key = draft.id, draft.key
    try:
        transition(session(), id_, **arguments)
    except WORKFLOW_REFUSALS as refused:
        return review_page(draft_or_404(id_), {"form": workflow_refusal(refused)}, status=409)
    staff_services().record(f"editing.{action}", f"{key}#{id_}")
    return redirect(next_url or url("desk.review", id_=id_), 303)
