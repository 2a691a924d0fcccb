"""A party's own page, reached by its code: see the place, change, accept, cancel."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.events.event import Event
from portal.events.registrations import codes
from portal.events.registrations.models import CANCELLED, CONFIRMED, LAPSED, OFFERED, WAITING, Registration
from portal.events.registrations.registration import (
    NoSuchRegistration,
    NotEnoughSeats,
    PartyTooLarge,
    accept,
    cancel,
    change,
    find,
    queue_position,
)
from portal.events.registrations.terms import RegistrationClosed
from portal.events.views import form_guard
from portal.events.views.blueprint import bp, crumbs
from portal.events.views.forms import REGISTRATION_FIELDS, Form, read_attendee, too_many
from portal.events.views.presenters import view_of
from portal.events.views.queries import (
    event_named,
    notifications_for,
    registration_link,
    seats_changed,
    takes_personal_data,
)
from portal.events.views.register import asked_by, channel_choices, district_choices
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import absolute, private, render, url
from portal.web.transactions import sessions


@bp.get("/registration")
def code_form() -> Response:
    """The field for a code."""
    return private(render("events/code.html", crumbs=crumbs(), error="", typed="", robots="noindex"))


@bp.post("/registration")
def send_code() -> AnyResponse:
    """Go to the registration of the typed code; a wrong one is counted."""
    typed = request.form.get("code", "")[:40]
    registration = _found(typed)
    if registration is None:
        error = _("No registration has this code. Compare it with your message or note.")
        page = render("events/code.html", crumbs=crumbs(), error=error, typed=typed, robots="noindex", status=404)
        return private(page)
    return _to(registration)


@bp.get("/registration/<code>")
def registration(code: str) -> Response:
    """The page of one registration."""
    found = _found_or_404(code)
    return _page(found, _form_of(found))


@bp.post("/registration/<code>/change")
def send_change(code: str) -> AnyResponse:
    """Change what the party said about itself."""
    found, event = _found_or_404(code), _event_of(code)
    form = Form.of(request.form, REGISTRATION_FIELDS)
    if not takes_personal_data(event):
        return _page(found, form, status=403)
    form_guard.count_form("events.change")
    attendee = read_attendee(form, asked_by(event))
    if attendee is None:
        return _page(found, form, status=422)
    try:
        with sessions()() as session:
            change(
                session,
                event.terms,
                code=code,
                attendee=attendee,
                now=request_clock().now,
                notifications=notifications_for(event),
            )
    except RegistrationClosed:
        return _page(found, form, status=409)
    except (NotEnoughSeats, PartyTooLarge) as problem:
        most = problem.free if isinstance(problem, NotEnoughSeats) else problem.most
        form.errors["heads"] = too_many(most)
        return _page(found, form, status=422)
    seats_changed(event.slug)
    return _to(found)


@bp.post("/registration/<code>/cancel")
def send_cancellation(code: str) -> AnyResponse:
    """Cancel; the seats go to the next in line."""
    found, event = _found_or_404(code), _event_of(code)
    with sessions()() as session:
        cancel(session, event.terms, code=code, now=request_clock().now, notifications=notifications_for(event))
    seats_changed(event.slug)
    return _to(found)


@bp.post("/registration/<code>/accept")
def send_acceptance(code: str) -> AnyResponse:
    """Take up the place that is held for the party."""
    found, event = _found_or_404(code), _event_of(code)
    with sessions()() as session:
        accept(session, event.terms, code=code, now=request_clock().now, notifications=notifications_for(event))
    return _to(found)


def _found(code: str) -> Registration | None:
    form_guard.refuse_guessing()
    try:
        with sessions()() as session:
            return find(session, code)
    except NoSuchRegistration:
        form_guard.count_wrong_code()
        return None


def _found_or_404(code: str) -> Registration:
    found = _found(code)
    if found is None:
        abort(404)
    return found


def _event_of(code: str) -> Event:
    found = _found_or_404(code)
    event = event_named(found.event)
    if event is None:
        abort(404)
    return event


def _to(found: Registration) -> AnyResponse:
    response = redirect(registration_link(language(), found.code).removeprefix(absolute("")), 303)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _form_of(found: Registration) -> Form:
    channel = "email" if found.email else "phone" if found.phone else "none"
    values = {
        "name": found.name,
        "heads": str(found.party_size),
        "district": found.district,
        "channel": channel,
        "phone": found.phone,
        "email": found.email,
        "note": found.note,
    }
    return Form.of(values, REGISTRATION_FIELDS)


def _page(found: Registration, form: Form, *, status: int = 200) -> Response:
    event = event_named(found.event)
    if event is None:
        abort(404)
    view = view_of(event)
    words = {
        CONFIRMED: ("confirmed", _("You have a place")),
        OFFERED: ("soon", _("A place is held for you")),
        WAITING: ("planned", _("You are on the waiting list")),
        CANCELLED: ("cancelled", _("Cancelled")),
        LAPSED: ("closed", _("The held place has passed on")),
    }
    context: dict[str, Any] = {
        "event": view,
        "crumbs": crumbs(event, title=view.page.title),
        "registration": found,
        "state": words[found.state],
        "code": codes.spaced(found.code),
        "form": form,
        "errors": form.summary(),
        "asked": asked_by(event),
        "districts": district_choices(),
        "channels": channel_choices(),
        "can_change": found.is_active and not event.terms.is_cancelled and request_clock().now < event.terms.starts,
        "is_refused": not takes_personal_data(event),
        "robots": "noindex",
        "canonical": absolute(url("events.code_form")),
    }
    if found.state == WAITING:
        with sessions()() as session:
            context["place"] = queue_position(session, found)
    if found.hold_until is not None:
        hold = formatting.day_clock(found.hold_until.astimezone(request_clock().zone), language())
        context["hold"] = f"{hold} {view.zone_label}"
    delete_on = event.terms.delete_on.astimezone(request_clock().zone).date()
    context["delete_on"] = formatting.day(delete_on, language())
    response = private(render("events/registration.html", status=status, **context))
    # The address holds the code: no other site may learn it from a link that is followed.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
