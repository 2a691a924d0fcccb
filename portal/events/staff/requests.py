"""Requests for an outreach event: inbox, states, notes, one step to an event draft."""

from __future__ import annotations

from typing import TypedDict

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.events.outreach import requests as outreach
from portal.events.outreach.event_draft import draft_files
from portal.events.outreach.models import DECLINED, DONE, IN_TALKS, NEW, REQUEST_STATES, SCHEDULED, OutreachRequest
from portal.events.staff.blueprint import staff
from portal.events.views.outreach import REQUESTS_TAG
from portal.events.views.presenters import Status, district_name, name_of
from portal.events.views.queries import KIND
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import NotPublished, render_staff, staff_services
from portal.web.state import portal
from portal.web.transactions import sessions

MOST_ROWS = 200


class RequestRow(TypedDict):
    """A request in the words of the staff pages; `state` and `words` are for its pill."""

    request: OutreachRequest
    title: str
    href: str
    state: str
    words: str
    district: str
    topic: str
    audience: str
    asked_on: str
    dates: list[str]


@staff.get("/requests/")
def requests() -> Response:
    """The inbox, the oldest unanswered request first."""
    state = request.args.get("state", "")
    with sessions()() as session:
        rows = [_row(row) for row in outreach.inbox(session, state=state)[:MOST_ROWS]]
    tabs = [{"label": _("All"), "href": url("events_staff.requests"), "current": state not in REQUEST_STATES}]
    tabs += [
        {"label": status.words, "href": url("events_staff.requests", state=name), "current": name == state}
        for name, status in _statuses().items()
    ]
    return render_staff("events/staff/requests.html", crumbs=[], rows=rows, tabs=tabs)


@staff.get("/requests/<int:number>")
def outreach_request(number: int) -> Response:
    """One request with its notes."""
    return _page(number)


@staff.post("/requests/<int:number>/move")
def move_request(number: int) -> AnyResponse:
    """Add a note, and move the request to another state if one was chosen."""
    state = request.form.get("state", "")
    text = request.form.get("text", "").strip()[:1000]
    by, now = staff_services().person(), request_clock().now
    try:
        with sessions()() as session:
            before = outreach.get(session, number).state
            if state not in REQUEST_STATES:
                state = before
            if state == before and not text:
                return _page(number, error=_("Write a note, or choose another state."), status=422)
            outreach.move(session, number, state=state, by=by, text=text, now=now)
    except outreach.NoSuchRequest:
        abort(404)
    except outreach.TransitionNotAllowed:
        return _page(number, error=_("The request cannot go to this state now."), status=409)
    portal().generations.bump(REQUESTS_TAG)
    staff_services().record("events.request", f"requests/{number}: {state}")
    return redirect(url("events_staff.outreach_request", number=number), 303)


@staff.post("/requests/<int:number>/draft")
def draft_event(number: int) -> AnyResponse:
    """Make an event draft of the request and go to it."""
    clock, by = request_clock(), staff_services().person()
    try:
        with sessions()() as session:
            row = outreach.get(session, number)
            if row.purged_at is not None:
                return _page(number, error=_("The data of this request was deleted; it makes no draft."), status=409)
            slug = f"sosialisasi-{row.district}-{row.created_at:%Y%m%d}-{number}"
            files = draft_files(row, zone=clock.zone, today=clock.now.date())
            address = staff_services().draft(KIND, slug, files)
            text = _("Draft of the event made.")
            outreach.move(session, number, state=row.state, by=by, text=text, now=clock.now, event=slug)
    except outreach.NoSuchRequest:
        abort(404)
    except NotPublished as error:
        return _page(number, error=str(error), status=409)
    staff_services().record("events.draft", f"requests/{number}")
    return redirect(address, 303)


def _statuses() -> dict[str, Status]:
    return {
        NEW: Status("soon", _("New")),
        IN_TALKS: Status("planned", _("In talks")),
        SCHEDULED: Status("confirmed", _("Scheduled")),
        DECLINED: Status("cancelled", _("Declined")),
        DONE: Status("done", _("Done")),
    }


def _row(row: OutreachRequest) -> RequestRow:
    status = _statuses()[row.state]
    return {
        "request": row,
        "title": row.host or _("Deleted on its date"),
        "href": url("events_staff.outreach_request", number=row.id),
        "state": status.state,
        "words": status.words,
        "district": district_name(row.district),
        "topic": name_of("topics", row.topic),
        "audience": name_of("audiences", row.audience),
        "asked_on": formatting.day(row.created_at.astimezone(request_clock().zone).date(), language()),
        "dates": [formatting.day(day, language(), weekday=True) for day in outreach.wished_dates(row)],
    }


def _page(number: int, *, error: str = "", status: int = 200) -> Response:
    try:
        with sessions()() as session:
            request_row = outreach.get(session, number)
            row, notes = _row(request_row), list(request_row.notes)
    except outreach.NoSuchRequest:
        abort(404)
    statuses = _statuses()
    return render_staff(
        "events/staff/request.html",
        status=status,
        crumbs=[{"label": _("Requests for events"), "href": url("events_staff.requests")}],
        row=row,
        notes=[
            {
                "at": formatting.day_clock(note.at.astimezone(request_clock().zone), language()),
                "by": note.by,
                "state": statuses[note.state].words if note.state in statuses else "",
                "text": note.text,
            }
            for note in notes
        ],
        choices=[
            {"value": "", "label": _("Leave the state as it is")},
            *({"value": state, "label": statuses[state].words} for state in outreach.TRANSITIONS[request_row.state]),
        ],
        error=error,
        typed=request.form.get("text", ""),
    )
