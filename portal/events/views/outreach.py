"""Asking for an outreach event, and what was asked for so far, by district and in numbers only."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from portal.events.outreach.purge import CLOSED_REQUEST_KEPT
from portal.events.outreach.requests import numbers_by_district, submit
from portal.events.views.blueprint import bp, crumbs, private_redirect
from portal.events.views.forms import MOST_FORMS_PER_HOUR, REQUEST_FIELDS, PublicForm, read_request
from portal.events.views.presenters import district_choices, district_name, named_choices
from portal.events.views.queries import takes_personal_data
from portal.web.clock import request_clock
from portal.web.forms import guard
from portal.web.languages import language
from portal.web.pages import absolute, catalogue, live_tag, private, public, render, url
from portal.web.state import portal
from portal.web.transactions import session, sessions

PURPOSE = "outreach"
# The live tag of the page of numbers.
REQUESTS_TAG = "events/requests"


@bp.get("/requests")
@public()
def request_numbers() -> Response:
    """How many events were asked for, are planned and were held, by district."""
    live_tag(REQUESTS_TAG)
    rows = [(district_name(row.district), row) for row in numbers_by_district(session())]
    return render("events/numbers.html", crumbs=crumbs(), rows=rows)


@bp.get("/requests/new")
def request_form() -> Response:
    """The empty form, kept by no cache."""
    return _page(PublicForm.of({}, REQUEST_FIELDS))


@bp.post("/requests/new")
def send_request() -> Response:
    """Store the request, or show the form again with what was typed and messages at its fields."""
    form = PublicForm.of(request.form, REQUEST_FIELDS)
    if not takes_personal_data():
        return _page(form, status=403)
    guard.limit("events.request", most_per_hour=MOST_FORMS_PER_HOUR)
    try:
        guard.reject_cross_site()
        token = guard.read_token(PURPOSE)
    except guard.FormRejected as rejected:
        return _page(form, rejection=rejected.message, status=422)
    details = read_request(
        form,
        districts=[choice["value"] for choice in district_choices() if choice["value"]],
        audiences=list(catalogue().reference("audiences")),
        topics=list(catalogue().reference("topics")),
        today=request_clock().now.date(),
        region=guard.phone_region(),
    )
    if details is None:
        return _page(form, form_token=request.form[guard.FORM_FIELD], status=422)
    with sessions()() as db:
        submit(db, details, token=token, language=language(), now=request_clock().now)
    portal().generations.bump(REQUESTS_TAG)
    return private_redirect(url("events.request_sent"))


@bp.get("/requests/sent")
def request_sent() -> Response:
    """What happens next with a request."""
    return private(render("events/request_sent.html", crumbs=crumbs(), robots="noindex"))


def _page(form: PublicForm, *, form_token: str = "", rejection: str = "", status: int = 200) -> Response:
    errors = form.summary()
    if rejection:
        errors.insert(0, {"message": rejection, "href": "#send"})
    tomorrow = request_clock().now.date() + timedelta(days=1)
    return private(
        render(
            "events/request.html",
            status=status,
            crumbs=crumbs(),
            form=form,
            errors=errors,
            form_token=form_token or guard.fresh_token(PURPOSE),
            districts=district_choices(),
            audiences=named_choices("audiences"),
            topics=named_choices("topics"),
            earliest=tomorrow.isoformat(),
            kept_days=CLOSED_REQUEST_KEPT.days,
            is_refused=not takes_personal_data(),
            canonical=absolute(url("events.request_form")),
        )
    )
