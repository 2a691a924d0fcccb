"""Ask us: a question, in which language to answer, and how or not."""

from __future__ import annotations

from flask import Response, request

from portal.feedback.forms import QUESTION_FIELDS, channel_choices, read_question
from portal.feedback.purge import OPEN_QUESTIONS_KEPT, QUESTIONS_KEPT
from portal.feedback.questions import LONGEST_QUESTION, submit
from portal.feedback.views import page_seals
from portal.feedback.views.blueprint import bp, limit, link_of, private_redirect, purpose_of
from portal.web.clock import request_clock
from portal.web.forms import guard
from portal.web.forms.form import Form
from portal.web.languages import language
from portal.web.navigation import home_crumb
from portal.web.pages import absolute, catalogue, private, render, url
from portal.web.transactions import sessions

ASK = "ask"


@bp.get("/ask")
def ask_form() -> Response:
    """The empty form, kept by no cache."""
    return _page(Form.of({"answer_in": language()}, QUESTION_FIELDS), page=page_seals.referring_page())


@bp.post("/ask")
def send_question() -> Response:
    """Store the redacted question, or show the form again with messages at its fields."""
    form = Form.of(request.form, QUESTION_FIELDS).without_control_characters()
    page = page_seals.sealed_page(request.form) or ""
    if not guard.takes_personal_data():
        return _page(form, page=page, status=403)
    limit(ASK)
    try:
        token = guard.read_token(purpose_of(ASK))
    except guard.FormRejected as rejected:
        return _page(form, page=page, rejection=rejected.message, status=422)
    question = read_question(form, languages=catalogue().site.language_codes, region=guard.phone_region(), page=page)
    if question is None:
        return _page(form, page=page, form_token=request.form[guard.FORM_FIELD], status=422)
    with sessions()() as session:
        submit(session, question, token=token, now=request_clock().now)
    return private_redirect(url("feedback.sent"))


@bp.get("/sent")
def sent() -> Response:
    """What happens next with a question."""
    return private(render("feedback/sent.html", crumbs=[home_crumb()], robots="noindex"))


def _page(form: Form, *, page: str, form_token: str = "", rejection: str = "", status: int = 200) -> Response:
    errors = form.summary()
    if rejection:
        errors.insert(0, {"message": rejection, "href": "#send"})
    return private(
        render(
            "feedback/ask.html",
            status=status,
            crumbs=[home_crumb()],
            form=form,
            errors=errors,
            form_token=form_token or guard.fresh_token(purpose_of(ASK)),
            page=page,
            seal=page_seals.seal(page),
            about=link_of(page) if page else None,
            languages=[{"value": record.code, "label": record.name} for record in catalogue().site.languages],
            channels=channel_choices(),
            longest=LONGEST_QUESTION,
            kept_days=QUESTIONS_KEPT.days,
            open_days=OPEN_QUESTIONS_KEPT.days,
            is_refused=not guard.takes_personal_data(),
            canonical=absolute(url("feedback.ask_form")),
            description=None,
        )
    )
