"""The form by which people register, on a weak phone and without an account."""

from __future__ import annotations

from flask import Response, request

from portal.events.event import Event
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.limits import NetworkFull
from portal.events.registrations.registration import (
    FormSubmission,
    NotEnoughSeats,
    PartyTooLarge,
    RegistrationResult,
    TokenReused,
    register,
)
from portal.events.registrations.terms import RegistrationClosed
from portal.events.views.blueprint import bp, crumbs, private_redirect, registrable_or_404
from portal.events.views.forms import (
    MOST_FORMS_PER_HOUR,
    REGISTRATION_FIELDS,
    FormOptions,
    PublicForm,
    read_attendee,
    too_many,
)
from portal.events.views.presenters import OTHER_DISTRICT, channel_choices, district_choices, view_of
from portal.events.views.queries import notifications_for, registration_link, seats_changed, takes_personal_data
from portal.web.clock import request_clock
from portal.web.forms import guard
from portal.web.forms.tokens import digest_of
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.pages import absolute, catalogue, private, render, url
from portal.web.transactions import sessions


@bp.get("/<slug>/register")
def registration_form(slug: str) -> Response:
    """The empty form, kept by no cache."""
    return _page(registrable_or_404(slug), PublicForm.of({"heads": "1"}, REGISTRATION_FIELDS))


@bp.post("/<slug>/register")
def send_registration(slug: str) -> Response:
    """Register, or show the form again with what was typed and messages at its fields."""
    event = registrable_or_404(slug)
    form = PublicForm.of(request.form, REGISTRATION_FIELDS)
    if not takes_personal_data(event):
        return _page(event, form, status=403)
    guard.limit("events.register", most_per_hour=MOST_FORMS_PER_HOUR)
    try:
        guard.reject_cross_site()
        token = guard.read_token(_purpose(event))
    except guard.FormRejected as rejected:
        return _page(event, form, rejection=rejected.message, status=422)
    attendee = read_attendee(form, form_options(event))
    form.require_consent()
    if attendee is None or form.errors:
        return _page(event, form, form_token=request.form[guard.FORM_FIELD], status=422)
    try:
        result = _registered(event, attendee, token)
    except (NotEnoughSeats, NetworkFull, PartyTooLarge, TokenReused, RegistrationClosed) as error:
        return _page_with_refusal(event, form, error)
    if result.availability_changed:
        seats_changed(event.slug)
    if attendee.email:
        # The code is in the letter alone: it proves the address, and nobody learns here who is registered already.
        return private_redirect(url("events.registered", slug=event.slug))
    return to_registration(result.registration.code)


@bp.get("/<slug>/registered")
def registered(slug: str) -> Response:
    """What happens next, the same for every e-mail address."""
    event = registrable_or_404(slug)
    view = view_of(event)
    context = view.page.layout_context() | {
        "event": view,
        "crumbs": crumbs(event, title=view.page.title),
        "hours": int(event.terms.confirm.total_seconds() // 3600),
        "robots": "noindex",
    }
    return private(render("events/registered.html", **context))


def to_registration(code: str) -> Response:
    """Go to the page of the registration with this code."""
    return private_redirect(registration_link(language(), code).removeprefix(absolute("")))


def _registered(event: Event, attendee: Attendee, token: str) -> RegistrationResult:
    digest = digest_of(attendee.name, str(attendee.party_size), attendee.district, attendee.phone, attendee.email)
    with sessions()() as session:
        return register(
            session,
            event.terms,
            attendee=attendee,
            submission=FormSubmission(token=token, digest=digest, network=guard.network_digest(f"events/{event.slug}")),
            language=language(),
            now=request_clock().now,
            notifications=notifications_for(event),
            accepts_waiting="waiting" in request.form,
        )


def _page_with_refusal(event: Event, form: PublicForm, error: Exception) -> Response:
    """The form again, with what stood in the way of registering."""
    if isinstance(error, RegistrationClosed):
        return _page(event, form, status=409)
    if isinstance(error, TokenReused):
        message = _("This form was already sent once. To register another party, check the form and send it again.")
        return _page(event, form, rejection=message, status=422)
    if isinstance(error, NotEnoughSeats):
        most = too_many(error.free)
        form.errors["heads"] = _("%(most)s for the places left. Take fewer, or join the waiting list.", most=most)
    elif isinstance(error, NetworkFull):
        form.errors["heads"] = _network_full(error.free)
    elif isinstance(error, PartyTooLarge):
        form.errors["heads"] = too_many(error.most)
    return _page(
        event,
        form,
        form_token=request.form[guard.FORM_FIELD],
        offers_waiting=isinstance(error, NotEnoughSeats),
        status=422,
    )


def _network_full(free: int) -> str:
    if free:
        text = ngettext(
            "From your connection %(num)d more person can register. For more, call the office.",
            "From your connection %(num)d more people can register. For more, call the office.",
            free,
        )
    else:
        text = _("Many registrations from your connection are not confirmed yet. Try again later, or call the office.")
    return str(text)


def _purpose(event: Event) -> str:
    return f"register:{event.slug}"


def form_options(event: Event) -> FormOptions:
    """What the registration form of this event offers and requires."""
    requested = event.facts.registration.asks if event.facts.registration else ()
    return FormOptions(
        districts=(*catalogue().reference("districts"), OTHER_DISTRICT),
        district="district" in requested,
        contact="contact" in requested,
        most=event.terms.largest_party,
        region=guard.phone_region(),
    )


def _page(
    event: Event,
    form: PublicForm,
    *,
    form_token: str = "",
    rejection: str = "",
    offers_waiting: bool = False,
    status: int = 200,
) -> Response:
    view = view_of(event)
    errors = form.summary()
    if rejection:
        errors.insert(0, {"message": rejection, "href": "#send"})
    context = view.page.layout_context() | {
        "event": view,
        "crumbs": crumbs(event, title=view.page.title),
        "form": form,
        "errors": errors,
        "form_options": form_options(event),
        "districts": district_choices(),
        "channels": channel_choices(),
        "form_token": form_token or guard.fresh_token(_purpose(event)),
        "offers_waiting": offers_waiting,
        "is_refused": not takes_personal_data(event),
        "robots": "noindex",
        "canonical": absolute(url("events.registration_form", slug=event.slug)),
    }
    return private(render("events/register.html", status=status, **context))
