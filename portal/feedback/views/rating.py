"""Was this page helpful? One vote a day and network, and the reason if the reader wants to give one."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, abort, current_app, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.feedback.forms import REASON_FIELDS, read_reason, reason_choices
from portal.feedback.ratings import add_reason, count_vote
from portal.feedback.views import page_seals
from portal.feedback.views.blueprint import bp, limit, link_of, private_redirect, purpose_of
from portal.web.clock import request_clock
from portal.web.forms import guard
from portal.web.forms.form import Form
from portal.web.languages import language
from portal.web.pages import environment, private, render, url
from portal.web.security import is_same_origin
from portal.web.transactions import sessions

VOTES = ("yes", "no")
WHY, VOTE = "why", "vote"


def helpful_form() -> Markup:
    """The form at the foot of a public page; nothing on other pages."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "page_query"):
        return Markup("")
    page = page_seals.page_of_request()
    macros = environment(language()).get_template("components/helpful.html").module
    hidden = [{"name": "page", "value": page}, {"name": "seal", "value": page_seals.seal(page)}]
    html: Markup = macros.helpful(url("feedback.rate"), url("feedback.ask_form"), hidden)  # type: ignore[attr-defined]
    return html


@bp.get("/helpful")
def rate_again() -> AnyResponse:
    """Somebody came to the form's address by hand: there is nothing to see, so the home page follows."""
    return redirect(url("office.index"), 303)


@bp.post("/helpful")
def rate() -> AnyResponse:
    """Count the vote of a page; a browser that does not say where the form stood confirms it first."""
    page = page_seals.sealed_page(request.form)
    vote = request.form.get("helpful", "")
    if page is None or vote not in VOTES:
        abort(400)
    limit(VOTE)
    if not is_same_origin():
        try:
            guard.read_token(purpose_of(VOTE))
        except guard.FormRejected as rejected:
            return _confirmation(page, vote, message=rejected.message if request.form.get(guard.FORM_FIELD) else "")
    query = {"page": page, "seal": page_seals.seal(page)}
    if page_seals.is_first_vote_today(page):
        with sessions()() as session:
            count_vote(session, page, language=language(), helpful=vote == "yes", day=request_clock().now.date())
    else:
        query["again"] = "1"
    return _go("feedback.thanks" if vote == "yes" else "feedback.why", **query)


def _confirmation(page: str, vote: str, *, message: str) -> Response:
    return private(
        render(
            "feedback/confirm.html",
            page=page,
            about=link_of(page),
            seal=page_seals.seal(page),
            vote=vote,
            form_token=guard.fresh_token(purpose_of(VOTE)),
            message=message,
            robots="noindex",
        )
    )


@bp.get("/thanks")
def thanks() -> Response:
    """Thanks for a vote or a reason, and the way back to the page."""
    page = page_seals.sealed_page(request.args)
    if page is None:
        abort(404)
    return private(
        render("feedback/thanks.html", about=link_of(page), again=bool(request.args.get("again")), robots="noindex")
    )


@bp.get("/why")
def why() -> Response:
    """The form that asks what was missing."""
    page = page_seals.sealed_page(request.args)
    if page is None:
        abort(404)
    return _why_page(page, Form.of({}, REASON_FIELDS))


@bp.post("/why")
def send_reason() -> AnyResponse:
    """Store the redacted reason."""
    page = page_seals.sealed_page(request.form)
    if page is None:
        abort(400)
    limit(WHY)
    form = Form.of(request.form, REASON_FIELDS).without_control_characters()
    try:
        token = guard.read_token(purpose_of(WHY))
    except guard.FormRejected as rejected:
        return _why_page(page, form, rejection=rejected.message)
    reason = read_reason(form, region=guard.phone_region())
    if reason is None:
        return _why_page(page, form, form_token=request.form[guard.FORM_FIELD])
    kind, text = reason
    day = request_clock().now.date()
    with sessions()() as session:
        add_reason(session, page, language=language(), kind=kind, text=text, token=token, day=day)
    return _go("feedback.thanks", page=page, seal=page_seals.seal(page))


def _why_page(page: str, form: Form, *, form_token: str = "", rejection: str = "") -> Response:
    errors = form.summary()
    if rejection:
        errors.insert(0, {"message": rejection, "href": "#send"})
    return private(
        render(
            "feedback/why.html",
            status=422 if errors else 200,
            page=page,
            about=link_of(page),
            seal=page_seals.seal(page),
            form=form,
            errors=errors,
            form_token=form_token or guard.fresh_token(purpose_of(WHY)),
            choices=reason_choices(),
            again=bool(request.args.get("again")),
            robots="noindex",
        )
    )


def _go(endpoint: str, **query: str) -> Response:
    return private_redirect(f"{url(endpoint)}?{urlencode(query)}")
