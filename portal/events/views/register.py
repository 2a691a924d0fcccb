"""The form by which a party registers, on a weak phone and without an account."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.events.event import Event
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.registration import (
    FormSubmission,
    NotEnoughSeats,
    PartyTooLarge,
    RegistrationResult,
    TokenReused,
    has_same_contact,
    register,
)
from portal.events.registrations.terms import RegistrationClosed
from portal.events.views import form_guard
from portal.events.views.blueprint import bp, crumbs, registrable_or_404
from portal.events.views.forms import REGISTRATION_FIELDS, Asked, Form, read_attendee, require_consent, too_many
from portal.events.views.presenters import EventView, name_of, view_of
from portal.events.views.queries import notifications_for, registration_link, seats_changed, takes_personal_data
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.forms.tokens import digest_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import absolute, catalogue, private, render, url
from portal.web.transactions import sessions


@bp.get("/<slug>/register")
def registration_form(slug: str) -> Response:
    """The empty form, never kept by any cache."""
    event = registrable_or_404(slug)
    return _page(event, Form.of({"heads": "1", "channel": ""}, REGISTRATION_FIELDS))


@bp.post("/<slug>/register")
def send_registration(slug: str) -> AnyResponse:
    """Register the party, or show the form again with what was typed and what to mend."""
    event = registrable_or_404(slug)
    form = Form.of(request.form, REGISTRATION_FIELDS)
    if not takes_personal_data(event):
        return _page(event, form, status=403)
    form_guard.count_form("events.register")
    try:
        token = form_guard.token_of(_purpose(event))
    except form_guard.Stopped as stopped:
        return _page(event, form, stopped=stopped.message, status=422)
    attendee = read_attendee(form, asked_by(event))
    require_consent(form)
    if attendee is None or form.errors or _is_doubtful(event, form, attendee, token):
        return _page(event, form, stamp=request.form["stamp"], status=422)
    try:
        return _done(event, _registered(event, attendee, token))
    except (NotEnoughSeats, PartyTooLarge, TokenReused, RegistrationClosed) as problem:
        return _explained(event, form, problem)


def _registered(event: Event, attendee: Attendee, token: str) -> RegistrationResult:
    digest = digest_of(attendee.name, str(attendee.party_size), attendee.district, attendee.phone, attendee.email)
    with sessions()() as session:
        return register(
            session,
            event.terms,
            attendee=attendee,
            submission=FormSubmission(token=token, digest=digest),
            language=language(),
            now=request_clock().now,
            notifications=notifications_for(event),
            accepts_waiting="waiting" in request.form,
        )


def _explained(event: Event, form: Form, problem: Exception) -> Response:
    """The form again, with what stood in the way of registering."""
    if isinstance(problem, RegistrationClosed):
        return _page(event, form, status=409)
    if isinstance(problem, TokenReused):
        told = _("This form was already sent once. To register another party, check the form and send it again.")
        return _page(event, form, stopped=told, status=422)
    offers_waiting = isinstance(problem, NotEnoughSeats)
    if isinstance(problem, NotEnoughSeats):
        most = too_many(problem.free)
        form.errors["heads"] = _("%(most)s for the places left. Take fewer, or join the waiting list.", most=most)
    elif isinstance(problem, PartyTooLarge):
        form.errors["heads"] = too_many(problem.most)
    return _page(event, form, stamp=request.form["stamp"], offers_waiting=offers_waiting, status=422)


def _done(event: Event, made: RegistrationResult) -> AnyResponse:
    if made.changed_seats:
        seats_changed(event.slug)
    code = made.registration.code
    path = registration_link(language(), code).removeprefix(absolute(""))
    response = redirect(path, 303)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _is_doubtful(event: Event, form: Form, attendee: Attendee, token: str) -> bool:
    """Ask once before the same telephone number or address registers again."""
    if form.values["again"] == "yes":
        return False
    with sessions()() as session:
        is_known = has_same_contact(session, event.slug, phone=attendee.phone, email=attendee.email, token=token)
    if is_known:
        form.errors["again"] = _("This contact is already registered for this event. Tick the box to register again.")
    return is_known


def _purpose(event: Event) -> str:
    return f"register:{event.slug}"


def asked_by(event: Event) -> Asked:
    """What the form of this event asks for."""
    asks = event.facts.registration.asks if event.facts.registration else ()
    most = min(event.terms.party_limit, event.terms.bookable)
    return Asked(
        districts=(*catalogue().reference("districts"), OTHER),
        district="district" in asks,
        contact="contact" in asks,
        most=most,
        region=form_guard.phone_region(),
    )


# For people who come from outside the districts of the reference.
OTHER = "other"


def district_choices() -> list[dict[str, str]]:
    """The districts by name, and the choice for everywhere else."""
    names = sorted((name_of("districts", id_), id_) for id_ in catalogue().reference("districts"))
    choices = [{"value": "", "label": _("Choose")}]
    choices += [{"value": id_, "label": name} for name, id_ in names]
    return [*choices, {"value": OTHER, "label": _("Somewhere else")}]


def channel_choices() -> list[dict[str, str]]:
    """How the office may reach the party; none is a full answer."""
    return [
        {"value": "phone", "label": _("WhatsApp or telephone")},
        {"value": "email", "label": _("E-mail")},
        {"value": "none", "label": _("Not needed"), "help": _("Note the code that appears on the screen")},
    ]


def _page(
    event: Event,
    form: Form,
    *,
    stamp: str = "",
    stopped: str = "",
    offers_waiting: bool = False,
    status: int = 200,
) -> Response:
    view = view_of(event)
    errors = form.summary()
    if stopped:
        errors.insert(0, {"message": stopped, "href": "#send"})
    context: dict[str, Any] = view.page.layout_context() | {
        "event": view,
        "crumbs": crumbs(event, title=view.page.title),
        "form": form,
        "errors": errors,
        "asked": asked_by(event),
        "districts": district_choices(),
        "channels": channel_choices(),
        "stamp": stamp or form_guard.fresh_stamp(_purpose(event)),
        "offers_waiting": offers_waiting,
        "is_refused": not takes_personal_data(event),
        "delete_on": _delete_on(view),
        "robots": "noindex",
        "canonical": absolute(url("events.registration_form", slug=event.slug)),
    }
    return private(render("events/register.html", status=status, **context))


def _delete_on(view: EventView) -> str:
    return formatting.day(view.event.terms.delete_on.astimezone(request_clock().zone).date(), language())
