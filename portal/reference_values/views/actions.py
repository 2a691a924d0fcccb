"""What is done with a proposed change: sent, given back, discarded, approved, published."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff, current_staff_id, may, person_of, staff_name, staff_named
from portal.content.sources.repository import Person
from portal.drafts import workflow
from portal.drafts.labels import state_label
from portal.drafts.workflow import IllegalTransition, SelfApproval, StaleVersion
from portal.publishing.edits import Edit
from portal.publishing.wiring import REFUSALS, publish_edit, refusal_message
from portal.reference_values import proposals
from portal.reference_values.models import ValueChange
from portal.reference_values.views.blueprint import list_href, staff, submitted_version
from portal.reference_values.views.candidate import CandidateChange
from portal.reference_values.views.change import candidate_of_change, change_or_404, change_page
from portal.web.clock import real_instant
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.staff import NotPublished, staff_services
from portal.web.transactions import session


@staff.post("/values/changes/<id_>/send")
def send(id_: str) -> AnyResponse:
    """Ask for a second pair of eyes."""
    row = change_or_404(id_)
    candidate, message = candidate_of_change(row)
    if candidate is None:
        return change_page(row, {"form": message})
    return _act(row, "send", proposals.send, version=submitted_version())


@staff.post("/values/changes/<id_>/send-back")
def send_back(id_: str) -> AnyResponse:
    """Give the change back with a note."""
    row, note = change_or_404(id_), request.form.get("note", "")
    if not note.strip():
        return change_page(row, {"note": _("Say what has to change, so that the author need not guess.")})
    return _act(row, "send-back", proposals.send_back, note=note)


@staff.post("/values/changes/<id_>/discard")
def discard(id_: str) -> AnyResponse:
    """Close the change without publishing it."""
    row = change_or_404(id_)
    if not workflow.is_own(row, current_staff_id()) and not may("review"):
        abort(403)
    return _act(row, "discard", proposals.discard, lead=f"{list_href(row.reference)}&done=discard")


@staff.post("/values/changes/<id_>/approve")
def approve(id_: str) -> AnyResponse:
    """Approve what was read; with `then=publish` it is published at once."""
    row = change_or_404(id_)
    candidate, message = candidate_of_change(row)
    if candidate is None:
        return change_page(row, {"form": message}, status=409)
    digest = proposals.digest_of(row, candidate.after)
    if request.form.get("mark") != digest:
        return change_page(row, {"form": _stale_message()}, status=409)
    response = _act(row, "approve", proposals.approve, by=current_staff_id(), digest=digest)
    if request.form.get("then") == "publish" and response.status_code == 303 and may("publish"):
        return _publish(change_or_404(id_), candidate)
    return response


@staff.post("/values/changes/<id_>/publish")
def publish(id_: str) -> AnyResponse:
    """Publish the approved change: every page announces it by itself."""
    row = change_or_404(id_)
    candidate, message = candidate_of_change(row)
    if candidate is None:
        return change_page(row, {"form": message}, status=409)
    return _publish(row, candidate)


def _publish(row: ValueChange, candidate: CandidateChange) -> AnyResponse:
    id_, key = row.id, row.key
    digest = proposals.digest_of(row, candidate.after)
    if proposals.void_stale_approval(session(), id_, digest=digest, now=real_instant()):
        staff_services().record("values.void", f"{key}#{id_}")
        return change_page(change_or_404(id_), {"form": _void_message()}, status=409)
    edit = Edit(
        author=row.author,
        person=_person(row.author),
        committer=person_of(current_staff()),
        approved_by=staff_name(row.reviewer),
        reason=f"{key}: {row.reason}",
        changes=candidate.after,
        seen=candidate.before,
        co_authors=tuple(_person(writer) for writer in workflow.contributors(row) if writer != row.author),
    )
    try:
        proposals.begin(session(), id_, revision=edit.revision, digest=digest, now=real_instant())
    except (StaleVersion, IllegalTransition) as refused:
        return _refused(id_, refused)
    try:
        publish_edit(edit)
    except (NotPublished, *REFUSALS) as refused:
        message = str(refused) if isinstance(refused, NotPublished) else refusal_message(refused)
        proposals.finalize(session(), id_, now=real_instant())
        return change_page(change_or_404(id_), {"form": message}, status=409)
    proposals.finalize(session(), id_, now=real_instant())
    staff_services().record("values.publish", f"{key}#{id_}")
    return redirect(url("reference_values.change", id_=id_) + "?done=publish", 303)


def _person(id_: str) -> Person:
    author = staff_named(session(), id_)
    return person_of(author) if author else Person(staff_name(id_), "")


def _act(
    row: ValueChange, action: str, function: Callable[..., object], *, lead: str = "", **given: object
) -> AnyResponse:
    """Call a function of the proposals, record it in the audit log and show the change again, or why it was refused."""
    id_, key = row.id, row.key
    try:
        function(session(), id_, now=real_instant(), **given)
    except (SelfApproval, StaleVersion, IllegalTransition) as refused:
        return _refused(id_, refused)
    staff_services().record(f"values.{action}", f"{key}#{id_}")
    return redirect(lead or url("reference_values.change", id_=id_), 303)


def _refused(id_: str, refused: Exception) -> Response:
    if isinstance(refused, SelfApproval):
        message = _("You wrote a part of this change. Somebody who wrote nothing in it has to approve it.")
    elif isinstance(refused, IllegalTransition):
        message = _("Meanwhile the change is: %(state)s.", state=state_label(refused.state))
    else:
        message = _stale_message()
    return change_page(change_or_404(id_), {"form": message}, status=409)


def _void_message() -> str:
    return _(
        "The approval does not count any more: the list was changed after it. The change waits for review again. "
        "Read what it makes of the list now, then somebody who did not write it approves it."
    )


def _stale_message() -> str:
    return _("The change or the list was changed while you read it. Read it again, then decide.")
