"""Was this page helpful? One press, one vote, and the reason if the reader wants to give one."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, abort, current_app, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.feedback.forms import REASON_FIELDS, Form, read_reason, reasons
from portal.feedback.ratings import count_vote, keep_reason
from portal.feedback.views import form_guard
from portal.feedback.views.blueprint import bp, link_of
from portal.web.clock import request_clock
from portal.web.languages import language
from portal.web.pages import environment, private, render, url
from portal.web.security import is_same_origin
from portal.web.transactions import sessions

VOTES = ("yes", "no")
WHY, VOTE = "why", "vote"


def helpful_form() -> Markup:
    """The form at the foot of a page for everyone; nothing on pages for one person."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "page_query"):
        return Markup("")
    page = form_guard.page_of_request()
    macro = environment(language()).get_template("components/helpful.html").module
    hidden = [{"name": "page", "value": page}, {"name": "seal", "value": form_guard.seal(page)}]
    made: Markup = macro.helpful(url("feedback.rate"), url("feedback.ask_form"), hidden)  # type: ignore[attr-defined]
    return made


@bp.get("/helpful")
def rate_again() -> AnyResponse:
    """Somebody came to the form's address by hand: there is nothing to see, so the home page follows."""
    return redirect(url("office.index"), 303)


@bp.post("/helpful")
def rate() -> AnyResponse:
    """Count the vote of a page; a browser that does not say where the form stood confirms it first."""
    page = form_guard.sealed_page(request.form)
    vote = request.form.get("helpful", "")
    if page is None or vote not in VOTES:
        abort(400)
    form_guard.limit(VOTE)
    if not is_same_origin():
        try:
            form_guard.token_of(VOTE)
        except form_guard.Stopped as stopped:
            return _confirm(page, vote, message=stopped.message if request.form.get("stamp") else "")
    is_counted = form_guard.is_first_today(page)
    if is_counted:
        with sessions()() as db:
            count_vote(db, page, language=language(), helpful=vote == "yes", day=request_clock().now.date())
    known = {"page": page, "seal": form_guard.seal(page)}
    if not is_counted:
        known["again"] = "1"
    return _go("feedback.thanks" if vote == "yes" else "feedback.why", **known)


def _confirm(page: str, vote: str, *, message: str) -> Response:
    return private(
        render(
            "feedback/confirm.html",
            page=page,
            about=link_of(page),
            seal=form_guard.seal(page),
            vote=vote,
            stamp=form_guard.fresh_stamp(VOTE),
            message=message,
            robots="noindex",
        )
    )


@bp.get("/thanks")
def thanks() -> Response:
    """Thanks for a vote or a reason, and the way back to the page."""
    page = form_guard.sealed_page(request.args)
    if page is None:
        abort(404)
    return private(
        render("feedback/thanks.html", about=link_of(page), again=bool(request.args.get("again")), robots="noindex")
    )


@bp.get("/why")
def why() -> Response:
    """What was missing? The reader may say so, or go back."""
    page = form_guard.sealed_page(request.args)
    if page is None:
        abort(404)
    return _why(page, Form.of({}, REASON_FIELDS))


@bp.post("/why")
def tell_why() -> AnyResponse:
    """Keep the reason, stripped of what names a person."""
    page = form_guard.sealed_page(request.form)
    if page is None:
        abort(400)
    form_guard.limit(WHY)
    form = Form.of(request.form, REASON_FIELDS)
    try:
        token = form_guard.token_of(WHY)
    except form_guard.Stopped as stopped:
        return _why(page, form, message=stopped.message)
    found = read_reason(form, region=form_guard.phone_region())
    if found is None:
        return _why(page, form, stamp=request.form["stamp"])
    kind, text = found
    with sessions()() as db:
        keep_reason(db, page, language=language(), kind=kind, text=text, token=token, day=request_clock().now.date())
    return _go("feedback.thanks", page=page, seal=form_guard.seal(page))


def _why(page: str, form: Form, *, stamp: str = "", message: str = "") -> Response:
    errors = form.summary()
    if message:
        errors.insert(0, {"message": message, "href": "#send"})
    return private(
        render(
            "feedback/why.html",
            status=422 if errors else 200,
            page=page,
            about=link_of(page),
            seal=form_guard.seal(page),
            form=form,
            errors=errors,
            stamp=stamp or form_guard.fresh_stamp(WHY),
            choices=reasons(),
            again=bool(request.args.get("again")),
            robots="noindex",
        )
    )


def _go(endpoint: str, **values: str) -> AnyResponse:
    response = redirect(f"{url(endpoint)}?{urlencode(values)}", 303)
    response.headers["Cache-Control"] = "private, no-store"
    return response
