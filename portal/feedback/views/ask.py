"""Ask us: a question, in which language, and how to answer or not."""

from __future__ import annotations

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.feedback.forms import QUESTION_FIELDS, Form, channels, read_question
from portal.feedback.purge import OPEN_QUESTIONS_KEPT, QUESTIONS_KEPT
from portal.feedback.questions import LONGEST_QUESTION, ask
from portal.feedback.views import form_guard
from portal.feedback.views.blueprint import bp, link_of
from portal.web.clock import request_clock
from portal.web.languages import language
from portal.web.navigation import home_crumb
from portal.web.pages import absolute, catalogue, private, render, url
from portal.web.transactions import sessions

ASK = "ask"


@bp.get("/ask")
def ask_form() -> Response:
    """The empty form, kept by no cache."""
    form = Form.of({"answer_in": language()}, QUESTION_FIELDS)
    return _page(form, page=form_guard.page_before())


@bp.post("/ask")
def send_question() -> AnyResponse:
    """Store the question without what names a person, or show the form again with what to mend."""
    form = Form.of(request.form, QUESTION_FIELDS)
    page = form_guard.sealed_page(request.form) or ""
    if not form_guard.takes_questions():
        return _page(form, page=page, status=403)
    form_guard.limit(ASK)
    try:
        token = form_guard.token_of(ASK)
    except form_guard.Stopped as stopped:
        return _page(form, page=page, message=stopped.message, status=422)
    asked = read_question(form, languages=catalogue().site.language_codes, region=form_guard.phone_region(), page=page)
    if asked is None:
        return _page(form, page=page, stamp=request.form["stamp"], status=422)
    with sessions()() as db:
        ask(db, asked, token=token, now=request_clock().now)
    response = redirect(url("feedback.sent"), 303)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/sent")
def sent() -> Response:
    """What happens next with a question."""
    return private(render("feedback/sent.html", crumbs=[home_crumb()], robots="noindex"))


def _page(form: Form, *, page: str, stamp: str = "", message: str = "", status: int = 200) -> Response:
    errors = form.summary()
    if message:
        errors.insert(0, {"message": message, "href": "#send"})
    return private(
        render(
            "feedback/ask.html",
            status=status,
            crumbs=[home_crumb()],
            form=form,
            errors=errors,
            stamp=stamp or form_guard.fresh_stamp(ASK),
            page=page,
            seal=form_guard.seal(page),
            about=link_of(page) if page else None,
            languages=[{"value": one.code, "label": one.name} for one in catalogue().site.languages],
            channels=channels(),
            longest=LONGEST_QUESTION,
            kept_days=QUESTIONS_KEPT.days,
            open_days=OPEN_QUESTIONS_KEPT.days,
            is_refused=not form_guard.takes_questions(),
            canonical=absolute(url("feedback.ask_form")),
            description=None,
        )
    )
