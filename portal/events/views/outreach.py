"""Asking for an outreach, and what was asked for so far, per district and in numbers only."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.events.outreach.requests import ask, numbers
from portal.events.registrations.purge import REQUEST_KEPT
from portal.events.views import form_guard
from portal.events.views.blueprint import bp, crumbs
from portal.events.views.forms import REQUEST_FIELDS, Form, read_request
from portal.events.views.presenters import name_of
from portal.events.views.queries import takes_personal_data
from portal.events.views.register import district_choices
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import absolute, catalogue, live_tag, private, public, render, url
from portal.web.state import portal
from portal.web.transactions import session, sessions

PURPOSE = "outreach"
LIVE = "events/requests"


@bp.get("/requests")
@public()
def request_numbers() -> Response:
    """How many outreaches were asked for, are planned and were held, per district."""
    live_tag(LIVE)
    rows = [
        {
            "district": name_of("districts", row.district) if row.district != "other" else _("Somewhere else"),
            "asked": row.asked,
            "open": row.open,
            "scheduled": row.scheduled,
            "done": row.done,
            "guests": row.guests,
        }
        for row in numbers(session())
    ]
    return render("events/numbers.html", crumbs=crumbs(), rows=rows)


@bp.get("/requests/new")
def request_form() -> Response:
    """The empty form, never kept by any cache."""
    return _page(Form.of({}, REQUEST_FIELDS))


@bp.post("/requests/new")
def send_request() -> AnyResponse:
    """Store the request, or show the form again with what was typed and what to mend."""
    form = Form.of(request.form, REQUEST_FIELDS)
    if not takes_personal_data():
        return _page(form, status=403)
    form_guard.count_form("events.request")
    try:
        token = form_guard.token_of(PURPOSE)
    except form_guard.Stopped as stopped:
        return _page(form, stopped=stopped.message, status=422)
    details = read_request(
        form,
        districts=[choice["value"] for choice in district_choices() if choice["value"]],
        audiences=list(catalogue().reference("audiences")),
        topics=list(catalogue().reference("topics")),
        today=request_clock().now.date(),
        region=form_guard.phone_region(),
    )
    if details is None:
        return _page(form, stamp=request.form["stamp"], status=422)
    with sessions()() as db:
        ask(db, details, token=token, language=language(), now=request_clock().now)
    portal().generations.bump(LIVE)
    response = redirect(url("events.request_sent"), 303)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/requests/sent")
def request_sent() -> Response:
    """What happens next with a request."""
    return private(render("events/request_sent.html", crumbs=crumbs(), robots="noindex"))


def _choices(reference: str) -> list[dict[str, str]]:
    names = sorted((name_of(reference, id_), id_) for id_ in catalogue().reference(reference))
    return [{"value": "", "label": _("Choose")}, *({"value": id_, "label": name} for name, id_ in names)]


def _page(form: Form, *, stamp: str = "", stopped: str = "", status: int = 200) -> Response:
    errors = form.summary()
    if stopped:
        errors.insert(0, {"message": stopped, "href": "#send"})
    tomorrow = request_clock().now.date() + timedelta(days=1)
    return private(
        render(
            "events/request.html",
            status=status,
            crumbs=crumbs(),
            form=form,
            errors=errors,
            stamp=stamp or form_guard.fresh_stamp(PURPOSE),
            districts=district_choices(),
            audiences=_choices("audiences"),
            topics=_choices("topics"),
            earliest=tomorrow.isoformat(),
            kept_days=REQUEST_KEPT.days,
            is_refused=not takes_personal_data(),
            canonical=absolute(url("events.request_form")),
        )
    )
