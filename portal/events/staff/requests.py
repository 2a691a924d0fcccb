"""Requests for an outreach: inbox, states, notes, one step to an event draft."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.events.calendar_sequences import draft_of
from portal.events.outreach import requests as outreach
from portal.events.outreach.models import DECLINED, DONE, IN_TALKS, NEW, REQUEST_STATES, SCHEDULED, OutreachRequest
from portal.events.staff.blueprint import staff
from portal.events.views.outreach import LIVE
from portal.events.views.presenters import name_of
from portal.events.views.queries import KIND
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import NotPublished, render_staff, staff_services
from portal.web.state import portal
from portal.web.transactions import sessions


@staff.get("/requests/")
def requests() -> Response:
    """The inbox, the oldest unanswered request first."""
    chosen = request.args.get("state", "")
    with sessions()() as session:
        found = outreach.inbox(session, state=chosen)
        rows = [_row(one) for one in found[:200]]
    tabs = [{"label": _("All"), "href": url("events_staff.requests"), "current": chosen not in REQUEST_STATES}]
    tabs += [
        {"label": words, "href": url("events_staff.requests", state=state), "current": state == chosen}
        for state, (_pill, words) in _states().items()
    ]
    return render_staff("events/staff/requests.html", crumbs=[], rows=rows, tabs=tabs)


@staff.get("/requests/<int:number>")
def outreach_request(number: int) -> Response:
    """One request with its notes."""
    return _page(number)


@staff.post("/requests/<int:number>/move")
def move_request(number: int) -> AnyResponse:
    """Note something, and move the request to another state if one was chosen."""
    state = request.form.get("state", "")
    text = request.form.get("text", "").strip()[:1000]
    try:
        with sessions()() as session:
            before = outreach.get(session, number).state
            wanted = state if state in REQUEST_STATES else before
            if wanted == before and not text:
                return _page(number, error=_("Write a note, or choose another state."), status=422)
            outreach.move(
                session, number, state=wanted, by=staff_services().person(), text=text, now=request_clock().now
            )
    except outreach.NoSuchRequest:
        abort(404)
    except outreach.WrongStep:
        return _page(number, error=_("The request cannot go to this state now."), status=409)
    portal().generations.bump(LIVE)
    staff_services().record("events.request", f"requests/{number}: {wanted}")
    return redirect(url("events_staff.outreach_request", number=number), 303)


@staff.post("/requests/<int:number>/draft")
def draft_event(number: int) -> AnyResponse:
    """Make an event draft of the request and go to it."""
    try:
        with sessions()() as session:
            found = outreach.get(session, number)
            if found.purged_at is not None:
                return _page(number, error=_("The data of this request was deleted; it makes no draft."), status=409)
            slug = f"sosialisasi-{found.district}-{found.created_at:%Y%m%d}-{number}"
            files = draft_of(found, zone=request_clock().zone, today=request_clock().now)
            address = staff_services().draft(KIND, slug, files)
            text = _("Draft of the event made.")
            outreach.move(
                session,
                number,
                state=found.state,
                by=staff_services().person(),
                text=text,
                now=request_clock().now,
                event=slug,
            )
    except outreach.NoSuchRequest:
        abort(404)
    except NotPublished as refused:
        return _page(number, error=str(refused), status=409)
    staff_services().record("events.draft", f"requests/{number}")
    return redirect(address, 303)


def _states() -> dict[str, tuple[str, str]]:
    return {
        NEW: ("soon", _("New")),
        IN_TALKS: ("planned", _("In talks")),
        SCHEDULED: ("confirmed", _("Scheduled")),
        DECLINED: ("cancelled", _("Declined")),
        DONE: ("done", _("Done")),
    }


def _row(found: OutreachRequest) -> dict[str, object]:
    state, words = _states()[found.state]
    return {
        "request": found,
        "title": found.host or _("Deleted on its date"),
        "href": url("events_staff.outreach_request", number=found.id),
        "state": state,
        "words": words,
        "district": name_of("districts", found.district) if found.district != "other" else _("Somewhere else"),
        "topic": name_of("topics", found.topic),
        "audience": name_of("audiences", found.audience),
        "asked_on": formatting.day(found.created_at.astimezone(request_clock().zone).date(), language()),
        "dates": [formatting.day(day, language(), weekday=True) for day in outreach.wished_dates(found)],
    }


def _page(number: int, *, error: str = "", status: int = 200) -> Response:
    try:
        with sessions()() as session:
            found = outreach.get(session, number)
            row, notes = _row(found), list(found.notes)
    except outreach.NoSuchRequest:
        abort(404)
    states = _states()
    return render_staff(
        "events/staff/request.html",
        status=status,
        crumbs=[{"label": _("Requests for events"), "href": url("events_staff.requests")}],
        row=row,
        notes=[
            {
                "at": formatting.day_clock(note.at.astimezone(request_clock().zone), language()),
                "by": note.by,
                "state": states[note.state][1] if note.state in states else "",
                "text": note.text,
            }
            for note in notes
        ],
        choices=[{"value": "", "label": _("Leave the state as it is")}]
        + [{"value": state, "label": states[state][1]} for state in outreach.NEXT_STATES[found.state]],
        error=error,
        typed=request.form.get("text", ""),
    )
