"""Registrations of an event: list, search, add by hand, check in, the waiting list, calls."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from portal.events.event import Event
from portal.events.registrations import attendance, codes
from portal.events.registrations.models import CANCELLED, CONFIRMED, LAPSED, OFFERED, WAITING, Registration
from portal.events.registrations.registration import (
    NoSuchRegistration,
    NotEnoughSeats,
    PartyTooLarge,
    accept,
    cancel,
    find,
)
from portal.events.staff.blueprint import back_to, crumbs, done, event_or_404, staff
from portal.events.views.forms import REGISTRATION_FIELDS, Form, read_attendee, too_many
from portal.events.views.presenters import name_of, view_of
from portal.events.views.queries import every_event, notifications_for
from portal.events.views.register import asked_by, channel_choices, district_choices
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import sessions

STATES = (CONFIRMED, OFFERED, WAITING, CANCELLED, LAPSED)


@staff.get("/")
def index() -> Response:
    """The events that take registrations, the next ones first, with their numbers."""
    now = request_clock().now
    found = [one for one in every_event() if one.facts.registration is not None and one.facts.status != "draft"]
    found.sort(key=lambda one: (one.facts.ends < now, abs(one.facts.starts.timestamp() - now.timestamp())))
    with sessions()() as session:
        rows = [{"event": view_of(one), "tally": attendance.tally(session, one.terms)} for one in found[:100]]
    return render_staff("events/staff/index.html", crumbs=[], rows=rows)


@staff.get("/<slug>")
def event(slug: str) -> Response:
    """The registrations of one event."""
    return _page(event_or_404(slug), Form.of({"heads": "1", "channel": "none"}, REGISTRATION_FIELDS))


@staff.post("/<slug>/add")
def add(slug: str) -> AnyResponse:
    """Register a party that telephoned."""
    found = event_or_404(slug)
    form = Form.of(request.form, REGISTRATION_FIELDS)
    attendee = read_attendee(form, asked_by(found))
    if attendee is None:
        return _page(found, form, status=422)
    try:
        with sessions()() as session:
            made = attendance.add_by_hand(
                session,
                found.terms,
                attendee=attendee,
                language=language(),
                now=request_clock().now,
                notifications=notifications_for(found),
            )
    except PartyTooLarge as large:
        form.errors["heads"] = too_many(large.most)
        return _page(found, form, status=422)
    return done(found, "add", f"#{made.joined}")


@staff.post("/<slug>/walk-in")
def add_walk_in(slug: str) -> AnyResponse:
    """Seat a party that came without registering."""
    found = event_or_404(slug)
    form = Form.of({**request.form, "channel": "none"}, REGISTRATION_FIELDS)
    form.values["district"] = form.values["district"] or "other"
    attendee = read_attendee(form, asked_by(found))
    if attendee is None:
        return _page(found, form, status=422)
    try:
        with sessions()() as session:
            made = attendance.walk_in(
                session, found.terms, attendee=attendee, language=language(), now=request_clock().now
            )
    except NotEnoughSeats as short:
        form.errors["heads"] = too_many(short.free)
        return _page(found, form, status=422)
    return done(found, "walk-in", f"#{made.joined}")


@staff.post("/<slug>/present")
def present(slug: str) -> AnyResponse:
    """Check a party in, by its code."""
    found, typed = event_or_404(slug), request.form.get("code", "")[:40]
    came = request.form.get("came", "")
    party_size = int(came) if came.isdecimal() and len(came) < 6 else None
    try:
        with sessions()() as session:
            party = attendance.check_in(session, found.terms, code=typed, party_size=party_size)
    except NoSuchRegistration:
        form = Form.of({"heads": "1", "channel": "none"}, REGISTRATION_FIELDS)
        form.errors["code"] = _("No registration of this event has this code. Search for the name instead.")
        return _page(found, form, typed=typed, status=404)
    return done(found, "present", f"#{party.joined}")


@staff.post("/<slug>/absent")
def absent(slug: str) -> AnyResponse:
    """Mark a party that did not come."""
    found, party = event_or_404(slug), _party(slug)
    with sessions()() as session:
        attendance.mark_absent(session, found.terms, code=party.code)
    return done(found, "absent", f"#{party.joined}")


@staff.post("/<slug>/unmark")
def unmark(slug: str) -> AnyResponse:
    """Take back a mark of attendance."""
    found, party = event_or_404(slug), _party(slug)
    with sessions()() as session:
        attendance.unmark(session, found.terms, code=party.code)
    return done(found, "unmark", f"#{party.joined}")


@staff.post("/<slug>/let-in")
def promote_manually(slug: str) -> AnyResponse:
    """Confirm a waiting party out of turn, with a reason that is kept with it until the purge."""
    found, party = event_or_404(slug), _party(slug)
    form = Form.of({"heads": "1", "channel": "none"}, REGISTRATION_FIELDS)
    reason = " ".join(request.form.get("reason", "").split())[:200]
    try:
        with sessions()() as session:
            attendance.promote_manually(
                session,
                found.terms,
                code=party.code,
                reason=reason,
                now=request_clock().now,
                notifications=notifications_for(found),
            )
    except attendance.ReasonMissing:
        form.errors[f"reason-{party.joined}"] = _("Give the reason for letting this party go first.")
        return _page(found, form, status=422)
    except NotEnoughSeats as short:
        form.errors[f"reason-{party.joined}"] = too_many(short.free)
        return _page(found, form, status=409)
    return done(found, "let-in", f"#{party.joined}")


@staff.post("/<slug>/cancel-for")
def cancel_for(slug: str) -> AnyResponse:
    """Cancel for a party that telephoned."""
    found, party = event_or_404(slug), _party(slug)
    with sessions()() as session:
        cancel(session, found.terms, code=party.code, now=request_clock().now, notifications=notifications_for(found))
    return done(found, "cancel", f"#{party.joined}")


@staff.post("/<slug>/accept-for")
def accept_for(slug: str) -> AnyResponse:
    """Take up an offered seat for a party that telephoned."""
    found, party = event_or_404(slug), _party(slug)
    with sessions()() as session:
        accept(session, found.terms, code=party.code, now=request_clock().now, notifications=notifications_for(found))
    return done(found, "accept", f"#{party.joined}")


@staff.get("/<slug>/calls")
def calls(slug: str) -> Response:
    """The parties whom no e-mail reaches and who have news."""
    found = event_or_404(slug)
    view = view_of(found)
    with sessions()() as session:
        rows = [_row(party) for party in attendance.to_call(session, slug)]
    return render_staff("events/staff/calls.html", crumbs=crumbs(found, title=view.page.title), event=view, rows=rows)


@staff.post("/<slug>/called")
def called(slug: str) -> AnyResponse:
    """Note that a party was told by telephone."""
    found, party = event_or_404(slug), _party(slug)
    with sessions()() as session:
        attendance.mark_called(session, slug, code=party.code, now=request_clock().now)
    staff_services().record("events.called", f"events/{slug}#{party.joined}")
    return back_to(found)


def _party(slug: str) -> Registration:
    try:
        with sessions()() as session:
            party = find(session, request.form.get("code", ""))
    except NoSuchRegistration:
        abort(404)
    if party.event != slug:
        abort(404)
    return party


def state_words() -> dict[str, tuple[str, str]]:
    """The states of a registration as pills."""
    return {
        CONFIRMED: ("confirmed", _("Confirmed")),
        OFFERED: ("soon", _("Place held")),
        WAITING: ("planned", _("Waiting list")),
        CANCELLED: ("cancelled", _("Cancelled")),
        LAPSED: ("closed", _("Passed on")),
    }


def _row(party: Registration) -> dict[str, Any]:
    state, words = state_words()[party.state]
    return {
        "party": party,
        "code": codes.spaced(party.code),
        "state": state,
        "words": words,
        "district": name_of("districts", party.district) if party.district != "other" else _("Somewhere else"),
        "contact": party.phone or party.email or _("none"),
    }


def _page(found: Event, form: Form, *, typed: str = "", status: int = 200) -> Response:
    wanted = request.args.get("q", "")[:100]
    view = view_of(found)
    with sessions()() as session:
        rows = [_row(party) for party in attendance.listed(session, found.slug, text=wanted)]
        tally = attendance.tally(session, found.terms)
        waiting_calls = len(attendance.to_call(session, found.slug))
    live = [row for row in rows if row["party"].state in (CONFIRMED, OFFERED)]
    return render_staff(
        "events/staff/event.html",
        status=status,
        crumbs=crumbs(),
        event=view,
        wanted=wanted,
        typed=typed,
        live=live,
        waiting=sorted((row for row in rows if row["party"].state == WAITING), key=lambda row: row["party"].joined),
        gone=[row for row in rows if row["party"].state in (CANCELLED, LAPSED)],
        tally=tally,
        calls=waiting_calls,
        form=form,
        errors=form.summary(),
        asked=asked_by(found),
        districts=district_choices(),
        channels=channel_choices(),
    )
