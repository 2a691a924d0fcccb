"""The staff pages of feedback: the inbox of questions, an answer, a draft in one step, ratings of pages."""

from __future__ import annotations

from typing import TypedDict

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff
from portal.feedback import questions
from portal.feedback.forms import reason_choices
from portal.feedback.models import ANSWERED, CLOSED, EMAIL, NEW, PHONE, STATES, Question
from portal.feedback.ratings import RATED_SPAN, low_rated, ratings, reasons_of, votes_by_week
from portal.feedback.redaction import redacted
from portal.feedback.views.blueprint import link_of
from portal.languages import formatting
from portal.web.clock import real_instant, request_clock
from portal.web.documents.cards import Card
from portal.web.documents.embeds import text_of
from portal.web.forms.guard import phone_region
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import document_link, preview_words
from portal.web.pages import catalogue, environment, url
from portal.web.staff import NotPublished, render_staff, staff_services
from portal.web.state import portal
from portal.web.transactions import sessions

READ, WRITE = "read", "write"
staff = Blueprint("feedback_staff", __name__)
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {
    **{f"{staff.name}.{view}": READ for view in ("rated_pages", "rated_page")},
    **{
        f"{staff.name}.{view}": WRITE
        for view in ("index", "question", "answer", "close_question", "delete_question", "draft_answer")
    },
}
MOST_WEEKS = 13
MOST_CARD_ROWS = 5
MOST_PAGES = 300
CARD = "staff_card.html"


class QuestionRow(TypedDict):
    """A question in the words of the staff pages; `state` and `words` are for its pill."""

    question: Question
    title: str
    href: str
    state: str
    words: str
    asked_on: str
    channel: str
    language: str


def unanswered_count() -> int:
    """How many questions wait for an answer, for the staff menu."""
    with sessions()() as session:
        return questions.unanswered_count(session)


def unanswered_questions() -> Card | None:
    """The questions that wait longest, for the dashboard of whoever may answer them."""
    if not current_staff().may(WRITE):
        return None
    with sessions()() as session:
        count = questions.unanswered_count(session)
        unanswered = [_row(question) for question in questions.inbox(session, state=NEW, most=MOST_CARD_ROWS)]
    if not unanswered:
        return None
    rows = [
        {"label": row["title"], "href": row["href"], "detail": f"{row['asked_on']} · {row['channel']}"}
        for row in unanswered
    ]
    href = f"{url('feedback_staff.index')}?state={NEW}"
    return Card(
        CARD, {"id": "questions", "title": _("Questions unanswered"), "rows": rows, "all": href, "count": count}
    )


def low_rated_pages() -> Card | None:
    """The pages that did not help many, for the dashboard."""
    with sessions()() as session:
        low = low_rated(session, today=request_clock().now.date())
    if not low:
        return None
    rows = [
        {
            "label": link_of(rating.page)["label"],
            "href": url("feedback_staff.rated_page", page=rating.page),
            "detail": _("%(no)d of %(all)d said: not yet", no=rating.unhelpful, all=rating.helpful + rating.unhelpful),
        }
        for rating in low[:MOST_CARD_ROWS]
    ]
    href = url("feedback_staff.rated_pages")
    return Card(
        CARD, {"id": "low-rated", "title": _("Pages that do not help"), "rows": rows, "all": href, "count": len(low)}
    )


@staff.get("/")
def index() -> Response:
    """The inbox: what waits longest stands on top."""
    state = request.args.get("state", "")
    with sessions()() as session:
        rows = [_row(question) for question in questions.inbox(session, state=state)]
    tabs = [{"label": _("All"), "href": url("feedback_staff.index"), "current": state not in STATES}]
    tabs += [
        {"label": words, "href": f"{url('feedback_staff.index')}?state={name}", "current": name == state}
        for name, (_pill, words) in _statuses().items()
    ]
    return render_staff("feedback/staff/index.html", rows=rows, tabs=tabs)


@staff.get("/<int:number>")
def question(number: int) -> Response:
    """One question, and what can be done with it."""
    return _page(number)


@staff.post("/<int:number>/answer")
def answer(number: int) -> AnyResponse:
    """Answer: by e-mail where an address was given; the contact is emptied in the same step."""
    text = request.form.get("answer", "").strip()[: questions.LONGEST_ANSWER]
    try:
        with sessions()() as session:
            row = questions.get(session, number)
            # What was said on the telephone need not be written down here.
            if not text and row.channel != PHONE:
                return _page(number, error=_("Write an answer."), status=422)
            subject, body = _message(row, text)
            kept_text = redacted(text, region=phone_region())
            questions.answer(session, number, text=kept_text, subject=subject, body=body, now=real_instant())
    except questions.NoSuchQuestion:
        abort(404)
    except questions.QuestionClosed:
        return _closed_meanwhile(number)
    return _record_and_return(number, "answer")


@staff.post("/<int:number>/close")
def close_question(number: int) -> AnyResponse:
    """Close a question without an answer."""
    try:
        with sessions()() as session:
            questions.close(session, number, now=real_instant())
    except questions.NoSuchQuestion:
        abort(404)
    except questions.QuestionClosed:
        return _closed_meanwhile(number)
    return _record_and_return(number, "close")


def _closed_meanwhile(number: int) -> Response:
    return _page(number, error=_("Somebody has answered or closed this question meanwhile."), status=409)


@staff.post("/<int:number>/delete")
def delete_question(number: int) -> AnyResponse:
    """Delete a question that should not have been stored, such as one that names a person."""
    try:
        with sessions()() as session:
            questions.remove(session, number)
    except questions.NoSuchQuestion:
        abort(404)
    staff_services().record("feedback.delete", questions.target_of(number))
    return redirect(url("feedback_staff.index"), 303)


@staff.post("/<int:number>/draft")
def draft_answer(number: int) -> AnyResponse:
    """Make an FAQ draft of question and answer, without who asked, and go to it."""
    try:
        with sessions()() as session:
            row = questions.get(session, number)
            text = request.form.get("answer", "").strip()[: questions.LONGEST_ANSWER] or row.answer
            slug = questions.slug_of(row)
            files = questions.draft_files(row, answer_text=text, topics=_topics(row.page), region=phone_region())
        address = staff_services().draft("faq", slug, files)
        with sessions()() as session:
            questions.set_draft(session, number, slug=slug)
    except questions.NoSuchQuestion:
        abort(404)
    except NotPublished as error:
        return _page(number, error=str(error), status=409)
    staff_services().record("feedback.draft", questions.target_of(number))
    return redirect(address, 303)


@staff.get("/pages/")
def rated_pages() -> Response:
    """How readers rated pages, the least helpful first."""
    today = request_clock().now.date()
    with sessions()() as session:
        rows = [
            {
                "about": link_of(rating.page),
                "href": url("feedback_staff.rated_page", page=rating.page),
                "rating": rating,
            }
            for rating in ratings(session, today=today)[:MOST_PAGES]
        ]
        weeks = votes_by_week(session, today=today, weeks=MOST_WEEKS)
    return render_staff(
        "feedback/staff/pages.html",
        rows=rows,
        days=RATED_SPAN.days,
        points=[{"value": votes, "part": unhelpful} for votes, unhelpful in weeks],
        total=sum(votes for votes, _unhelpful in weeks),
        unhelpful=sum(unhelpful for _votes, unhelpful in weeks),
    )


@staff.get("/pages/<path:page>")
def rated_page(page: str) -> Response:
    """Why one page did not help."""
    labels = {choice["value"]: choice["label"] for choice in reason_choices()}
    with sessions()() as session:
        reasons = [
            {"day": formatting.day(reason.day, language()), "kind": labels.get(reason.kind, ""), "text": reason.text}
            for reason in reasons_of(session, page[:200])
        ]
    return render_staff(
        "feedback/staff/page.html",
        crumbs=[{"label": _("Ratings of pages"), "href": url("feedback_staff.rated_pages")}],
        about=link_of(page[:200]),
        reasons=reasons,
    )


def _statuses() -> dict[str, tuple[str, str]]:
    """Pill and words of each state."""
    return {NEW: ("soon", _("Unanswered")), ANSWERED: ("done", _("Answered")), CLOSED: ("closed", _("Closed"))}


def _row(row: Question) -> QuestionRow:
    state, words = _statuses()[row.state]
    channels = {EMAIL: _("Answer by e-mail"), PHONE: _("Answer by WhatsApp or telephone")}
    names = {record.code: record.name for record in catalogue().site.languages}
    return {
        "question": row,
        "title": " ".join(row.text.split())[:120],
        "href": url("feedback_staff.question", number=row.id),
        "state": state,
        "words": words,
        "asked_on": formatting.day(row.created_at.astimezone(request_clock().zone).date(), language()),
        "channel": channels.get(row.channel, _("No answer wished")),
        "language": names.get(row.language, ""),
    }


def _topics(page: str) -> tuple[str, ...]:
    """The topics of the page from which somebody asked, so that the draft begins near it."""
    document = catalogue().find("/".join(page.split("/")[:2]))
    return tuple(document.facts.topics) if document is not None else ()


def _message(row: Question, text: str) -> tuple[str, str]:
    """Subject and body of the message that answers a question, in its language."""
    template = environment(row.language).get_template("feedback/mail/answer.txt")
    rendered = template.render(
        question=row.text,
        answer=text,
        office=catalogue().site.name.get(row.language) or text_of(catalogue().site.name),
        preview=bool(preview_words()),
    )
    subject, _line, body = rendered.partition("\n")
    return subject.strip(), body.strip() + "\n"


def _record_and_return(number: int, action: str) -> AnyResponse:
    staff_services().record(f"feedback.{action}", questions.target_of(number))
    return redirect(url("feedback_staff.question", number=number), 303)


def _page(number: int, *, error: str = "", status: int = 200) -> Response:
    try:
        with sessions()() as session:
            question_row = questions.get(session, number)
            row = _row(question_row)
    except questions.NoSuchQuestion:
        abort(404)
    digits = question_row.contact.lstrip("+")
    return render_staff(
        "feedback/staff/question.html",
        status=status,
        crumbs=[{"label": _("Questions of readers"), "href": url("feedback_staff.index")}],
        row=row,
        about=link_of(question_row.page) if question_row.page else None,
        draft=document_link(f"faq/{question_row.draft}") if question_row.draft else None,
        whatsapp=f"https://wa.me/{digits}" if question_row.channel == PHONE and digits else "",
        is_open=question_row.state == NEW,
        error=error,
        typed=request.form.get("answer", question_row.answer),
        longest=questions.LONGEST_ANSWER,
        can_draft="faq" in portal().types,
    )
