"""The staff pages of readers' voices: the inbox, an answer, a draft in one step, pages that do not help."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff
from portal.feedback import questions
from portal.feedback.forms import reasons
from portal.feedback.models import ANSWERED, CLOSED, EMAIL, NEW, PHONE, STATES, Question
from portal.feedback.ratings import LEAST_SHARE, LEAST_VOTES, SPAN, by_week, low_rated, ratings, reasons_of
from portal.feedback.redaction import redacted
from portal.feedback.views.blueprint import link_of
from portal.feedback.views.form_guard import phone_region
from portal.languages import formatting
from portal.web.clock import real_instant, request_clock
from portal.web.documents.cards import Card
from portal.web.documents.embeds import text_of
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
SHOWN_WEEKS = 13
SHOWN = 5
LIST = "staff_card.html"


def label() -> str:
    """The word for the inbox in the list of the desk."""
    return _("Questions of readers")


def ratings_label() -> str:
    """The word for the ratings in the list of the desk."""
    return _("Ratings of pages")


def waiting() -> int:
    """How many questions wait for an answer."""
    with sessions()() as session:
        return questions.unanswered(session)


def unanswered_questions() -> Card | None:
    """The questions that wait longest, for the first page of whoever may answer them."""
    if not current_staff().may(WRITE):
        return None
    with sessions()() as session:
        count = questions.unanswered(session)
        found = [_row(one) for one in questions.inbox(session, state=NEW, most=SHOWN)]
    if not found:
        return None
    rows = [
        {"label": row["title"], "href": row["href"], "detail": f"{row['asked_on']} · {row['channel']}"} for row in found
    ]
    href = f"{url('feedback_staff.index')}?state={NEW}"
    return Card(
        LIST, {"id": "questions", "title": _("Questions unanswered"), "rows": rows, "all": href, "count": count}
    )


def low_rated_pages() -> Card | None:
    """The pages that did not help many, for the first page of the desk."""
    with sessions()() as session:
        found = low_rated(session, today=request_clock().now.date())
    if not found:
        return None
    rows = [
        {
            "label": link_of(one.page)["label"],
            "href": url("feedback_staff.rated_page", page=one.page),
            "detail": _("%(no)d of %(all)d said: not yet", no=one.unhelpful, all=one.helpful + one.unhelpful),
        }
        for one in found[:SHOWN]
    ]
    href = url("feedback_staff.rated_pages")
    return Card(
        LIST, {"id": "low-rated", "title": _("Pages that do not help"), "rows": rows, "all": href, "count": len(found)}
    )


@staff.get("/")
def index() -> Response:
    """The inbox: what waits longest stands on top."""
    chosen = request.args.get("state", "")
    with sessions()() as session:
        rows = [_row(one) for one in questions.inbox(session, state=chosen)]
    tabs = [{"label": _("All"), "href": url("feedback_staff.index"), "current": chosen not in STATES}]
    tabs += [
        {"label": words, "href": f"{url('feedback_staff.index')}?state={state}", "current": state == chosen}
        for state, (_pill, words) in _states().items()
    ]
    return render_staff("feedback/staff/index.html", rows=rows, tabs=tabs)


@staff.get("/<int:number>")
def question(number: int) -> Response:
    """One question, and what can be done with it."""
    return _page(number)


@staff.post("/<int:number>/answer")
def answer(number: int) -> AnyResponse:
    """Answer: by letter where an address was given; the address goes in the same step."""
    text = request.form.get("answer", "").strip()[: questions.LONGEST_ANSWER]
    try:
        with sessions()() as session:
            found = questions.get(session, number)
            # What was said on the telephone need not be written down here.
            if not text and found.channel != PHONE:
                return _page(number, error=_("Write an answer."), status=422)
            subject, body = _letter(found, text)
            questions.answer(
                session,
                number,
                text=redacted(text, region=phone_region()),
                subject=subject,
                body=body,
                now=real_instant(),
            )
    except questions.NoSuchQuestion:
        abort(404)
    except questions.AlreadyDone:
        return _page(number, error=_("Somebody has answered or closed this question meanwhile."), status=409)
    return _done(number, "answer")


@staff.post("/<int:number>/close")
def close_question(number: int) -> AnyResponse:
    """Put a question away without an answer."""
    try:
        with sessions()() as session:
            questions.close(session, number, now=real_instant())
    except questions.NoSuchQuestion:
        abort(404)
    except questions.AlreadyDone:
        return _page(number, error=_("Somebody has answered or closed this question meanwhile."), status=409)
    return _done(number, "close")


@staff.post("/<int:number>/delete")
def delete_question(number: int) -> AnyResponse:
    """Delete a question that should not have been stored, such as one that names a person."""
    try:
        with sessions()() as session:
            questions.remove(session, number)
    except questions.NoSuchQuestion:
        abort(404)
    staff_services().record("feedback.delete", questions.about(number))
    return redirect(url("feedback_staff.index"), 303)


@staff.post("/<int:number>/draft")
def draft_answer(number: int) -> AnyResponse:
    """Make an FAQ draft of question and answer, without who asked, and go to it."""
    try:
        with sessions()() as session:
            found = questions.get(session, number)
            said = request.form.get("answer", "").strip()[: questions.LONGEST_ANSWER] or found.answer
            slug = questions.slug_of(found)
            files = questions.draft_files(found, answer_=said, topics=_topics(found.page), region=phone_region())
        address = staff_services().draft("faq", slug, files)
        with sessions()() as session:
            questions.drafted(session, number, slug=slug)
    except questions.NoSuchQuestion:
        abort(404)
    except NotPublished as refused:
        return _page(number, error=str(refused), status=409)
    staff_services().record("feedback.draft", questions.about(number))
    return redirect(address, 303)


@staff.get("/pages/")
def rated_pages() -> Response:
    """How readers rated pages, the least helpful first."""
    today = request_clock().now.date()
    with sessions()() as session:
        rows = [
            {
                "about": link_of(one.page),
                "href": url("feedback_staff.rated_page", page=one.page),
                "helpful": one.helpful,
                "unhelpful": one.unhelpful,
                "low": one.unhelpful >= LEAST_VOTES and one.share >= LEAST_SHARE,
            }
            for one in ratings(session, today=today)
        ]
        weeks = by_week(session, today=today, weeks=SHOWN_WEEKS)
    return render_staff(
        "feedback/staff/pages.html",
        rows=rows[:300],
        days=SPAN.days,
        points=[{"value": every, "part": unhelpful} for every, unhelpful in weeks],
        total=sum(every for every, _no in weeks),
        unhelpful=sum(no for _every, no in weeks),
    )


@staff.get("/pages/<path:page>")
def rated_page(page: str) -> Response:
    """Why one page did not help."""
    words = {choice["value"]: choice["label"] for choice in reasons()}
    with sessions()() as session:
        found = [
            {"day": formatting.day(one.day, language()), "kind": words.get(one.kind, ""), "text": one.text}
            for one in reasons_of(session, page[:200])
        ]
    return render_staff(
        "feedback/staff/page.html",
        crumbs=[{"label": ratings_label(), "href": url("feedback_staff.rated_pages")}],
        about=link_of(page[:200]),
        reasons=found,
    )


def _states() -> dict[str, tuple[str, str]]:
    return {
        NEW: ("soon", _("Unanswered")),
        ANSWERED: ("done", _("Answered")),
        CLOSED: ("closed", _("Closed")),
    }


def _row(found: Question) -> dict[str, object]:
    state, words = _states()[found.state]
    channels = {EMAIL: _("Answer by e-mail"), PHONE: _("Answer by WhatsApp or telephone")}
    return {
        "question": found,
        "title": " ".join(found.text.split())[:120],
        "href": url("feedback_staff.question", number=found.id),
        "state": state,
        "words": words,
        "asked_on": formatting.day(found.created_at.astimezone(request_clock().zone).date(), language()),
        "channel": channels.get(found.channel, _("No answer wished")),
        "language": next((one.name for one in catalogue().site.languages if one.code == found.language), ""),
    }


def _topics(page: str) -> tuple[str, ...]:
    """The topics of the page from which somebody asked, so that the draft begins near it."""
    document = catalogue().find("/".join(page.split("/")[:2]))
    return tuple(document.facts.topics) if document is not None else ()


def _letter(found: Question, text: str) -> tuple[str, str]:
    rendered = (
        environment(found.language)
        .get_template("feedback/mail/answer.txt")
        .render(
            question=found.text,
            answer=text,
            office=catalogue().site.name.get(found.language) or text_of(catalogue().site.name),
            preview=bool(preview_words()),
        )
    )
    subject, _line, body = rendered.partition("\n")
    return subject.strip(), body.strip() + "\n"


def _done(number: int, action: str) -> AnyResponse:
    staff_services().record(f"feedback.{action}", questions.about(number))
    return redirect(url("feedback_staff.question", number=number), 303)


def _page(number: int, *, error: str = "", status: int = 200) -> Response:
    try:
        with sessions()() as session:
            found = questions.get(session, number)
            row = _row(found)
    except questions.NoSuchQuestion:
        abort(404)
    digits = found.contact.lstrip("+")
    return render_staff(
        "feedback/staff/question.html",
        status=status,
        crumbs=[{"label": label(), "href": url("feedback_staff.index")}],
        row=row,
        about=link_of(found.page) if found.page else None,
        draft=document_link(f"faq/{found.draft}") if found.draft else None,
        whatsapp=f"https://wa.me/{digits}" if found.channel == PHONE and digits else "",
        is_open=found.state == NEW,
        error=error,
        typed=request.form.get("answer", found.answer),
        longest=questions.LONGEST_ANSWER,
        can_draft="faq" in portal().types,
    )
