"""The page of a registration, reached by its code: see the state, change, accept, cancel."""

from __future__ import annotations

from flask import Response, abort, request
from werkzeug.exceptions import TooManyRequests

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
from portal.events.views.blueprint import bp, crumbs
from portal.events.views.forms import (
    EMAIL,
    MOST_FORMS_PER_HOUR,
    NO_CHANNEL,
    PHONE,
    REGISTRATION_FIELDS,
    PublicForm,
    read_attendee,
    too_many,
)
from portal.events.views.presenters import Status, channel_choices, district_choices, view_of
from portal.events.views.queries import event_named, notifications_for, seats_changed, takes_personal_data
from portal.events.views.register import form_options, to_registration
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.forms import guard
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import absolute, private, render, url
from portal.web.transactions import sessions

# Per network and hour: beyond so many wrong codes every code is refused.
MOST_WRONG_CODES_PER_HOUR = 60
WRONG_CODE = "events.code"


@bp.get("/registration")
def code_form() -> Response:
    """The field for a code."""
    return _code_page()


@bp.post("/registration")
def send_code() -> Response:
    """Go to the registration of the typed code; a wrong one is counted."""
    typed = request.form.get("code", "")[:40]
    registration = _find(typed)
    if registration is None:
        error = _("No registration has this code. Compare it with your message or note.")
        return _code_page(error=error, typed=typed, status=404)
    return to_registration(registration.code)


def _code_page(*, error: str = "", typed: str = "", status: int = 200) -> Response:
    page = render("events/code.html", crumbs=crumbs(), error=error, typed=typed, robots="noindex", status=status)
    return private(page)


@bp.get("/registration/<code>")
def registration(code: str) -> Response:
    """The page of one registration."""
    row, event = _registration_or_404(code)
    return _page(row, event, _form_of(row))


@bp.post("/registration/<code>/change")
def send_change(code: str) -> Response:
    """Change name, guests, district and contact."""
    row, event = _registration_or_404(code)
    form = PublicForm.of(request.form, REGISTRATION_FIELDS)
    if not takes_personal_data(event):
        return _page(row, event, form, status=403)
    guard.limit("events.change", most_per_hour=MOST_FORMS_PER_HOUR)
    attendee = read_attendee(form, form_options(event))
    if attendee is None:
        return _page(row, event, form, status=422)
    now, notifications = request_clock().now, notifications_for(event)
    try:
        with sessions()() as session:
            change(session, event.terms, code=code, attendee=attendee, now=now, notifications=notifications)
    except RegistrationClosed:
        return _page(row, event, form, status=409)
    except (NotEnoughSeats, PartyTooLarge) as error:
        form.errors["heads"] = too_many(error.free if isinstance(error, NotEnoughSeats) else error.most)
        return _page(row, event, form, status=422)
    seats_changed(event.slug)
    return to_registration(row.code)


@bp.post("/registration/<code>/cancel")
def send_cancellation(code: str) -> Response:
    """Cancel; the seats go to the next in line."""
    row, event = _registration_or_404(code)
    with sessions()() as session:
        cancel(session, event.terms, code=code, now=request_clock().now, notifications=notifications_for(event))
    seats_changed(event.slug)
    return to_registration(row.code)


@bp.post("/registration/<code>/accept")
def send_acceptance(code: str) -> Response:
    """Confirm the seats that are held."""
    row, event = _registration_or_404(code)
    with sessions()() as session:
        accept(session, event.terms, code=code, now=request_clock().now, notifications=notifications_for(event))
    return to_registration(row.code)


def _find(code: str) -> Registration | None:
    """The registration with this code; a wrong one is counted. Raises TooManyRequests after too many wrong ones."""
    if guard.counted(WRONG_CODE) >= MOST_WRONG_CODES_PER_HOUR:
        raise TooManyRequests
    try:
        with sessions()() as session:
            return find(session, code)
    except NoSuchRegistration:
        guard.count(WRONG_CODE)
        return None


def _registration_or_404(code: str) -> tuple[Registration, Event]:
    row = _find(code)
    event = event_named(row.event) if row is not None else None
    if row is None or event is None:
        abort(404)
    return row, event


def _form_of(row: Registration) -> PublicForm:
    values = {
        "name": row.name,
        "heads": str(row.party_size),
        "district": row.district,
        "channel": EMAIL if row.email else PHONE if row.phone else NO_CHANNEL,
        "phone": row.phone,
        "email": row.email,
        "note": row.note,
    }
    return PublicForm.of(values, REGISTRATION_FIELDS)


def _status_of(row: Registration) -> Status:
    return {
        CONFIRMED: Status("confirmed", _("You have a place")),
        OFFERED: Status("soon", _("A place is held for you")),
        WAITING: Status("planned", _("You are on the waiting list")),
        CANCELLED: Status("cancelled", _("Cancelled")),
        LAPSED: Status("closed", _("The held place has passed on")),
    }[row.state]


def _page(row: Registration, event: Event, form: PublicForm, *, status: int = 200) -> Response:
    view = view_of(event)
    position, hold = None, ""
    if row.state == WAITING:
        with sessions()() as session:
            position = queue_position(session, row)
    if row.hold_until is not None:
        hold = f"{formatting.day_clock(row.hold_until.astimezone(event.zone), language())} {view.zone_label}"
    page = render(
        "events/registration.html",
        status=status,
        event=view,
        crumbs=crumbs(event, title=view.page.title),
        registration=row,
        state=_status_of(row),
        code=codes.spaced(row.code),
        form=form,
        errors=form.summary(),
        form_options=form_options(event),
        districts=district_choices(),
        channels=channel_choices(),
        can_change=row.is_active and not event.terms.is_cancelled and request_clock().now < event.terms.starts,
        is_refused=not takes_personal_data(event),
        position=position,
        hold=hold,
        robots="noindex",
        canonical=absolute(url("events.code_form")),
    )
    # The address holds the code: no other site may learn it from a link that is followed.
    page.headers["Referrer-Policy"] = "no-referrer"
    return private(page)
