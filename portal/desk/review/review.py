"""Review: what a draft changes, the talk about it, and the deeds that move it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may, staff_name, staff_named
from portal.desk.blueprint import checker, crumbs, draft_or_404, staff
from portal.desk.dashboard.today import title_of
from portal.desk.documents.findings import findings
from portal.desk.review.comparison import changes_of, moment_words
from portal.drafts import workflow
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, PUBLISHED, PUBLISHING, REVIEW, SCHEDULED, WITHDRAWN, WRITING, Draft
from portal.drafts.workflow import IllegalTransition, SelfApproval, StaleVersion
from portal.web.addresses import address_of
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.problems import plain_message
from portal.web.staff import render_staff, staff_services, staff_time
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
        return review_page(
            draft, {"form": _("The check finds things to correct first: %(what)s", what=plain_message(errors[0]))}
        )
    return deed(
        draft,
        "send",
        workflow.send_to_review,
        version=version(),
        reason=reason,
        now=real_instant(),
    )


@staff.post("/drafts/<id_>/take-back")
def take_back(id_: str) -> AnyResponse:
    """Write on, although the draft waits for its review."""
    draft = draft_or_404(id_)
    if not workflow.is_own(draft, current_staff_id()) and not may("review"):
        abort(403)
    return deed(
        draft,
        "take-back",
        workflow.take_back,
        now=real_instant(),
        lead=url("desk.edit", id_=draft.id),
    )


@staff.post("/drafts/<id_>/say")
def say(id_: str) -> AnyResponse:
    """Add to the talk about the draft."""
    draft, text = draft_or_404(id_), request.form.get("text", "")
    if not text.strip():
        return review_page(draft, {"text": _("Write what you want to say.")})
    return deed(draft, "say", workflow.say, by=current_staff_id(), text=text, now=real_instant())


@staff.post("/drafts/<id_>/send-back")
def send_back(id_: str) -> AnyResponse:
    """Give the draft back with a note."""
    draft, note = draft_or_404(id_), request.form.get("note", "")
    if not note.strip():
        return review_page(draft, {"note": _("Say what has to change, so that the author need not guess.")})
    return deed(
        draft,
        "send-back",
        workflow.send_back,
        by=current_staff_id(),
        note=note,
        now=real_instant(),
    )


@staff.post("/drafts/<id_>/afterwards")
def review_afterwards(id_: str) -> AnyResponse:
    """Approve what was published in an emergency."""
    draft = draft_or_404(id_)

    return deed(draft, "review-afterwards", workflow.review_afterwards, by=current_staff_id())


def deed(draft: Draft, action: str, change: Callable[..., object], *, lead: str = "", **given: object) -> AnyResponse:
    """Call a function of the workflow, record it in the audit log and show the draft again, or why it was refused."""
    id_, key = draft.id, draft.key
    lead = lead or url("desk.review", id_=id_)
    try:
        change(session(), id_, **given)
    except (SelfApproval, StaleVersion, IllegalTransition) as refused:
        return review_page(draft_or_404(id_), {"form": refused_words(refused)}, status=409)
    staff_services().record(f"editing.{action}", f"{key}#{id_}")
    return redirect(lead, 303)


def refused_words(refused: Exception) -> str:
    """Why a deed was refused, and what to do."""
    if isinstance(refused, SelfApproval):
        return _("You wrote this text yourself. Somebody else has to approve it.")
    if isinstance(refused, StaleVersion):
        return _("The text was saved again while you read it. Read what changed below, then decide.")
    if isinstance(refused, IllegalTransition):
        return _("Meanwhile the draft is: %(state)s.", state=state_label(refused.state))
    raise refused


def version() -> int:
    """The version of the draft that the form shows."""
    asked = request.form.get("version", "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 0


def review_page(draft: Draft, errors: dict[str, str] | None = None, *, status: int = 0) -> Response:
    """The page of a draft's review; errors by field, `form` for those of the whole."""
    shown = errors or {}
    own = workflow.is_own(draft, current_staff_id())
    checked = checker().check(draft.kind, draft.slug, draft.files)
    author = staff_named(session(), draft.author)
    document = plain_catalogue().get(draft.kind, draft.slug)
    return render_staff(
        "desk/review.html",
        status=status or (422 if shown else 200),
        draft=draft,
        title=title_of(draft),
        states=_states(draft),
        current=workflow.step_of(draft),
        groups=changes_of(draft.kind, draft.base_files, draft.files),
        notes=[{"author": staff_name(one.author), "at": staff_time(one.at), "text": one.text} for one in _notes(draft)],
        author=author.name if author else staff_name(draft.author),
        reviewer=staff_name(draft.reviewer) if draft.reviewer else "",
        edited=staff_time(draft.edited_at),
        own=own,
        findings=findings(checked, {}),
        errors=shown,
        summary=[{"message": words, "href": f"#field-{name}"} for name, words in shown.items()],
        typed=request.form,
        scheduled=moment_words(draft.publish_at) if draft.publish_at else "",
        can_review=may("review"),
        can_publish=may("publish"),
        can_write=may("translate"),
        actions=_actions(draft, own=own),
        public_href=address_of(document) if document else "",
        earliest=request_clock().now.strftime("%Y-%m-%dT%H:%M"),
        crumbs=crumbs(draft.kind, title=draft.slug, href=url("desk.edit", id_=draft.id) if draft.is_open else ""),
        language=language(),
    )


def _notes(draft: Draft) -> Any:
    return workflow.notes_of(session(), draft.id)


def _states(draft: Draft) -> list[dict[str, str]]:
    last = draft.state if draft.state in (SCHEDULED, WITHDRAWN) else PUBLISHED
    return [{"label": state_label(state)} for state in (WRITING, REVIEW, APPROVED, last)]


def _actions(draft: Draft, *, own: bool) -> set[str]:
    """The deeds that this person may do with the draft now."""
    found: set[str] = set()
    if draft.state == WRITING and may("translate"):
        found.add("send")
    if draft.state == REVIEW:
        if may("review") and not own:
            found |= {"approve", "send-back"}
        if own or may("review"):
            found.add("take-back")
    if draft.state in (WRITING, REVIEW) and may("publish"):
        found.add("emergency")
    if draft.state == APPROVED:
        if may("publish"):
            found |= {"publish", "schedule"}
        if may("review"):
            found.add("send-back")
    if draft.state == SCHEDULED and may("publish"):
        found.add("cancel")
    if (
        draft.bypass_reason
        and not draft.reviewer
        and may("review")
        and draft.state in (PUBLISHED, SCHEDULED, WITHDRAWN)
    ):
        found.add("afterwards" if not own else "afterwards-other")
    if draft.state == PUBLISHING:
        found.add("busy")
    return found
