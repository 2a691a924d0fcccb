"""A proposed file and the decision about it: approve, refuse, take back, publish at once in an emergency."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may, staff_name
from portal.media import library
from portal.media.proposals import proposals
from portal.media.proposals.models import ADD, REFUSED, UNREAD, WAITING, WITHDRAWN, MediaProposal
from portal.media.proposals.proposals import NotAllowed, digest_of, files_of, record_of
from portal.media.staff.blueprint import kilobytes, label, languages, proposal_or_404, publish, records, staff
from portal.media.staff.messages import refusal_message
from portal.media.staff.rows import proposal_row
from portal.web.clock import real_instant
from portal.web.http.media import SAVED, SHOWN, media_response
from portal.web.languages import gettext as _
from portal.web.pages import private, url
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import session


@staff.get("/proposals/<id_>")
def proposal(id_: str) -> Response:
    """What is proposed beside what readers have now, and the decisions that this person may take."""
    return _page(proposal_or_404(id_))


@staff.get("/proposals/<id_>/files/<name>")
def proposed_file(id_: str, name: str) -> Response:
    """One of the files that wait, for staff alone."""
    files = files_of(proposal_or_404(id_))
    path = next((path for path in files if PurePosixPath(path).name == name), None)
    mimetype = (SHOWN | SAVED).get(PurePosixPath(name).suffix.lower())
    if path is None or mimetype is None:
        abort(404)
    return private(media_response(files[path], path, mimetype))


@staff.post("/proposals/<id_>/approve")
def approve(id_: str) -> AnyResponse:
    """Publish what somebody else proposed; of what was published in an emergency, note that it was looked at."""
    row, me = proposal_or_404(id_), current_staff_id()
    try:
        proposals.check_reader(row, by=me)
        if row.state == WAITING:
            refused = _publish(row)
            if refused:
                return _page(row, refused, status=409)
        session().rollback()
        proposals.approve(session(), id_, by=me, now=real_instant())
    except NotAllowed as not_allowed:
        return _page(proposal_or_404(id_), refusal_message(not_allowed.reason), status=409)
    staff_services().record("media.approve", f"media/{row.media_id}#{id_[:12]}")
    return redirect(url("media_staff.show", id_=row.media_id), 303)


@staff.post("/proposals/<id_>/publish-unread")
def publish_unread(id_: str) -> AnyResponse:
    """Publish at once in a stated emergency; it stands on the first page until somebody else has looked."""
    row, reason = proposal_or_404(id_), request.form.get("emergency", "")
    try:
        if row.state != WAITING:
            raise NotAllowed("decided")
        proposals.checked_reason(reason)
        refused = _publish(row)
        if refused:
            return _page(row, refused, status=409)
        proposals.publish_unread(session(), id_, reason=reason)
    except NotAllowed as not_allowed:
        session().rollback()
        return _page(proposal_or_404(id_), refusal_message(not_allowed.reason), status=422, field="emergency")
    staff_services().record("media.publish-unread", f"media/{row.media_id}#{id_[:12]}")
    return redirect(url("media_staff.proposal", id_=id_), 303)


@staff.post("/proposals/<id_>/refuse")
def refuse(id_: str) -> AnyResponse:
    """Refuse what waits, with a word to whoever uploaded it; the files are forgotten."""
    try:
        note = request.form.get("note", "")
        proposals.refuse(session(), id_, by=current_staff_id(), note=note, now=real_instant())
    except NotAllowed as not_allowed:
        session().rollback()
        return _page(proposal_or_404(id_), refusal_message(not_allowed.reason), status=422, field="note")
    return _decided(id_, "refuse")


@staff.post("/proposals/<id_>/withdraw")
def withdraw(id_: str) -> AnyResponse:
    """Take back what this person proposed; the files are forgotten."""
    try:
        proposals.withdraw(session(), id_, by=current_staff_id(), now=real_instant())
    except NotAllowed as not_allowed:
        session().rollback()
        return _page(proposal_or_404(id_), refusal_message(not_allowed.reason), status=409)
    return _decided(id_, "withdraw")


def _decided(id_: str, action: str) -> AnyResponse:
    staff_services().record(f"media.{action}", f"media/{proposal_or_404(id_).media_id}#{id_[:12]}")
    return redirect(url("media_staff.index"), 303)


def _publish(row: MediaProposal) -> str:
    """Publish the files of a proposal in its author's name; gives the words of a refusal. Raises NotAllowed `moved`."""
    wanted, id_ = record_of(row), row.media_id
    published = records().get(id_)
    text = library.record_text(id_, published) if published else ""
    if text == library.record_text(id_, wanted) and digest_of(text) != row.base:
        # A process that died between publishing and noting it left this behind.
        return ""
    if (row.action == ADD) != (published is None) or (published and digest_of(text) != row.base):
        raise NotAllowed("moved")
    changes = library.changes_of(id_, wanted, files_of(row))
    author = row.author
    # The publisher writes in transactions of its own.
    session().rollback()
    return publish(changes, reason=f"media/{id_}: {row.action}", author=author)


def _page(row: MediaProposal, problem: str = "", *, status: int = 200, field: str = "decide") -> Response:
    id_, me = row.id, current_staff_id()
    waits, is_own = row.state == WAITING, row.author == me
    published = records().get(row.media_id)
    can_refuse, can_hurry = waits and may("review") and not is_own, waits and may("publish")
    has_field = (field == "note" and can_refuse) or (field == "emergency" and can_hurry and is_own)
    outcomes = {
        UNREAD: _("Published in an emergency: %(why)s", why=row.reason),
        REFUSED: _("Refused by %(name)s: %(why)s", name=staff_name(row.reviewer), why=row.note),
        WITHDRAWN: _("Taken back by whoever uploaded it."),
    }
    shown = proposal_row(row)
    return render_staff(
        "media/proposal.html",
        status=status,
        crumbs=[{"label": label(), "href": url("media_staff.index")}],
        row=shown,
        size=kilobytes(shown["record"].total),
        outcome="" if waits else outcomes.get(row.state) or _("Approved by %(name)s", name=staff_name(row.reviewer)),
        published=published,
        published_href=url("media_staff.show", id_=row.media_id) if published else "",
        languages=languages(),
        waits=waits,
        can_approve=row.state in (WAITING, UNREAD) and not is_own and may("review"),
        can_refuse=can_refuse,
        can_withdraw=waits and is_own,
        can_hurry=can_hurry and is_own,
        errors=[{"message": problem, "href": f"#field-{field}" if has_field else "#decide"}] if problem else [],
        problem=problem,
        field=field,
        id=id_,
    )
