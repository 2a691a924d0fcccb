"""Registrations of an event: list, search, add by hand, check in, waiting list, calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from portal.events.event import Event
from portal.events.registrations import attendance, codes, limits, queries
from portal.events.registrations.models import (
    ABSENT,
    CANCELLED,
    CONFIRMED,
    HOLDING,
    LAPSED,
    OFFERED,
    STAFF,
    WAITING,
    Registration,
)
from portal.events.registrations.registration import (
    NoSuchRegistration,
    NotEnoughSeats,
    PartyTooLarge,
    accept,
    cancel,
    find,
    register,
)
from portal.events.staff.blueprint import back_to, crumbs, event_or_404, record_and_return, staff
from portal.events.views.forms import NO_CHANNEL, REGISTRATION_FIELDS, PublicForm, read_attendee, too_many
from portal.events.views.presenters import (
    OTHER_DISTRICT,
    Status,
    channel_choices,
    district_choices,
    district_name,
    view_of,
)
from portal.events.views.queries import every_event, notifications_for
from portal.events.views.register import form_options
from portal.web.clock import request_clock
from portal.web.forms.fields import whole_number
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import sessions

MOST_EVENTS = 100
MOST_ATTENDED = 99_999


class RegistrationRow(TypedDict):
    """A registration in the words of the staff pages; `state` and `words` are for its pill."""

    registration: Registration
    code: str
    state: str
    words: str
    district: str
    contact: str
    similar: int


@staff.get("/")
def index() -> Response:
    """The events that take registrations, the next ones first, with their numbers."""
    now = request_clock().now
    events = [event for event in every_event() if event.terms.takes_registrations and event.facts.status != "draft"]
    events.sort(key=lambda event: (event.facts.ends < now, abs(event.facts.starts.timestamp() - now.timestamp())))
    with sessions()() as session:
        rows = [
            {"event": view_of(event), "totals": queries.totals(session, event.terms)} for event in events[:MOST_EVENTS]
        ]
    return render_staff("events/staff/index.html", crumbs=[], rows=rows)


@staff.get("/<slug>")
def event(slug: str) -> Response:
    """The registrations of one event."""
    return _page(event_or_404(slug), _empty_form())


@staff.post("/<slug>/add")
def add(slug: str) -> AnyResponse:
    """Register somebody who telephoned; on the waiting list like everyone else when it is full."""
    event = event_or_404(slug)
    form = PublicForm.of(request.form, REGISTRATION_FIELDS)
    attendee = read_attendee(form, form_options(event))
    if attendee is None:
        return _page(event, form, status=422)
    try:
        with sessions()() as session:
            result = register(
                session,
                event.terms,
                attendee=attendee,
                submission=attendance.staff_submission("staff"),
                language=language(),
                now=request_clock().now,
                notifications=notifications_for(event),
                origin=STAFF,
            )
    except PartyTooLarge as error:
        form.errors["heads"] = too_many(error.most)
        return _page(event, form, status=422)
    if result.is_repeat:
        form.errors["email"] = _("This address is registered already: %(name)s.", name=result.registration.name)
        return _page(event, form, status=422)
    return record_and_return(event, "add", f"#{result.registration.joined}")


@staff.post("/<slug>/walk-in")
def add_walk_in(slug: str) -> AnyResponse:
    """Seat guests who came without registering."""
    event, now = event_or_404(slug), request_clock().now
    form = PublicForm.of({**request.form, "channel": NO_CHANNEL}, REGISTRATION_FIELDS)
    form.values["district"] = form.values["district"] or OTHER_DISTRICT
    attendee = read_attendee(form, form_options(event))
    if attendee is None:
        return _page(event, form, status=422)
    try:
        with sessions()() as session:
            row = attendance.add_walk_in(session, event.terms, attendee=attendee, language=language(), now=now)
    except NotEnoughSeats as error:
        form.errors["heads"] = too_many(error.free)
        return _page(event, form, status=422)
    return record_and_return(event, "walk-in", f"#{row.joined}")


@staff.post("/<slug>/present")
def present(slug: str) -> AnyResponse:
    """Check guests in by their code."""
    event, typed = event_or_404(slug), request.form.get("code", "")[:40]
    came = whole_number(request.form.get("came", ""), high=MOST_ATTENDED)
    try:
        with sessions()() as session:
            row = attendance.check_in(session, event.terms, code=typed, came=came)
    except NoSuchRegistration:
        form = _empty_form()
        form.errors["code"] = _("No registration of this event has this code. Search for the name instead.")
        return _page(event, form, typed=typed, status=404)
    return record_and_return(event, "present", f"#{row.joined}")


@staff.post("/<slug>/absent")
def absent(slug: str) -> AnyResponse:
    """Mark guests who did not come."""
    return _set_attendance(slug, "absent", ABSENT)


@staff.post("/<slug>/unmark")
def unmark(slug: str) -> AnyResponse:
    """Take back a mark of attendance."""
    return _set_attendance(slug, "unmark", "")


def _set_attendance(slug: str, action: str, mark: str) -> AnyResponse:
    event, row = event_or_404(slug), _registration_or_404(slug)
    with sessions()() as session:
        attendance.set_attendance(session, event.terms, code=row.code, attendance=mark)
    return record_and_return(event, action, f"#{row.joined}")


@staff.post("/<slug>/let-in")
def promote_manually(slug: str) -> AnyResponse:
    """Confirm a waiting registration out of turn, with a reason that is kept with it until the purge."""
    event, row = event_or_404(slug), _registration_or_404(slug)
    now, notifications = request_clock().now, notifications_for(event)
    reason = " ".join(request.form.get("reason", "").split())[:200]
    form = _empty_form()
    try:
        with sessions()() as session:
            attendance.promote_manually(
                session, event.terms, code=row.code, reason=reason, now=now, notifications=notifications
            )
    except attendance.ReasonMissing:
        form.errors[f"reason-{row.joined}"] = _("Give the reason for letting this party go first.")
        return _page(event, form, status=422)
    except NotEnoughSeats as error:
        form.errors[f"reason-{row.joined}"] = too_many(error.free)
        return _page(event, form, status=409)
    return record_and_return(event, "let-in", f"#{row.joined}")


@staff.post("/<slug>/cancel-for")
def cancel_for(slug: str) -> AnyResponse:
    """Cancel for somebody who telephoned."""
    return _change_for(slug, "cancel", cancel)


@staff.post("/<slug>/accept-for")
def accept_for(slug: str) -> AnyResponse:
    """Accept an offered seat for somebody who telephoned."""
    return _change_for(slug, "accept", accept)


def _change_for(slug: str, action: str, change: Callable[..., Registration]) -> AnyResponse:
    event, row = event_or_404(slug), _registration_or_404(slug)
    with sessions()() as session:
        change(session, event.terms, code=row.code, now=request_clock().now, notifications=notifications_for(event))
    return record_and_return(event, action, f"#{row.joined}")


@staff.get("/<slug>/calls")
def calls(slug: str) -> Response:
    """Registrations without an e-mail address whose state changed."""
    event = event_or_404(slug)
    view = view_of(event)
    with sessions()() as session:
        rows = [_row(row) for row in queries.pending_calls(session, slug)]
    return render_staff("events/staff/calls.html", crumbs=crumbs(event, title=view.page.title), event=view, rows=rows)


@staff.post("/<slug>/called")
def called(slug: str) -> AnyResponse:
    """Record that somebody was called."""
    event, row = event_or_404(slug), _registration_or_404(slug)
    with sessions()() as session:
        attendance.mark_called(session, slug, code=row.code, now=request_clock().now)
    staff_services().record("events.called", f"events/{slug}#{row.joined}")
    return back_to(event)


def _registration_or_404(slug: str) -> Registration:
    """The registration of this event whose code was sent."""
    try:
        with sessions()() as session:
            row = find(session, request.form.get("code", ""))
    except NoSuchRegistration:
        abort(404)
    if row.event != slug:
        abort(404)
    return row


def _empty_form() -> PublicForm:
    return PublicForm.of({"heads": "1", "channel": NO_CHANNEL}, REGISTRATION_FIELDS)


def _row(row: Registration, *, similar: int = 0) -> RegistrationRow:
    status = {
        CONFIRMED: Status("confirmed", _("Confirmed")),
        OFFERED: Status("soon", _("Place held")),
        WAITING: Status("planned", _("Waiting list")),
        CANCELLED: Status("cancelled", _("Cancelled")),
        LAPSED: Status("closed", _("Passed on")),
    }[row.state]
    return {
        "registration": row,
        "code": codes.spaced(row.code),
        "state": status.state,
        "words": status.words,
        "district": district_name(row.district),
        "contact": row.phone or row.email or _("none"),
        "similar": similar,
    }


def _page(event: Event, form: PublicForm, *, typed: str = "", status: int = 200) -> Response:
    text = request.args.get("q", "")[:100]
    with sessions()() as session:
        registrations = queries.registrations_by_name(session, event.slug, text=text)
        similar = limits.clusters(queries.registrations_by_name(session, event.slug) if text else registrations)
        totals = queries.totals(session, event.terms)
        pending_calls = len(queries.pending_calls(session, event.slug))

    def rows(*states: str) -> list[RegistrationRow]:
        return [_row(row, similar=similar.get(row.id, 0)) for row in registrations if row.state in states]

    return render_staff(
        "events/staff/event.html",
        status=status,
        crumbs=crumbs(),
        event=view_of(event),
        wanted=text,
        typed=typed,
        with_seat=rows(*HOLDING),
        waiting=sorted(rows(WAITING), key=lambda row: row["registration"].joined),
        ended=rows(CANCELLED, LAPSED),
        totals=totals,
        clustered=len(similar),
        calls=pending_calls,
        form=form,
        errors=form.summary(),
        form_options=form_options(event),
        districts=district_choices(),
        channels=channel_choices(),
    )
