"""Questions of readers: submitted, answered once, turned into a draft that names nobody.

States: new -> answered or closed. A question stores redacted text alone; its contact, if any, is emptied in the
transaction that answers or closes it. Every change of state first locks the question's row.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.content.document import PRIMARY_LANGUAGE
from portal.content.yaml_editing import yaml_text
from portal.database import writing
from portal.feedback.models import ANSWERED, CLOSED, EMAIL, NEW, STATES, Question
from portal.feedback.redaction import redacted
from portal.mail import OutboxMessage, delete_messages, enqueue

LONGEST_QUESTION = 1000
LONGEST_ANSWER = 4000
LONGEST_TITLE = 150


class NoSuchQuestion(Exception):
    """There is no question of this number."""


class QuestionClosed(Exception):
    """The question was answered or closed meanwhile."""


@dataclass(frozen=True, kw_only=True)
class SubmittedQuestion:
    """What a reader asks: redacted text, language of the answer, and how to answer; `page` without its language."""

    text: str
    language: str
    channel: str
    contact: str
    page: str = ""


def submit(session: Session, submitted: SubmittedQuestion, *, token: str, now: datetime) -> Question:
    """Store a question; the same form sent twice is one question."""
    query = select(Question).where(Question.form_token == token)
    try:
        with writing(session):
            question = session.scalar(query)
            if question is None:
                fields = asdict(submitted)
                question = Question(form_token=token, state=NEW, created_at=now, changed_at=now, **fields)
                session.add(question)
    except IntegrityError:
        question = session.scalars(query).one()
    return question


def get(session: Session, number: int) -> Question:
    """The question of that number; raises NoSuchQuestion."""
    question = session.get(Question, number)
    if question is None:
        raise NoSuchQuestion
    return question


def inbox(session: Session, *, state: str = "", most: int = 200) -> list[Question]:
    """The questions: unanswered ones first and the oldest of them on top, then the newest of the others."""
    query = select(Question)
    if state in STATES:
        query = query.where(Question.state == state)
    newest_first = list(session.scalars(query.order_by(Question.created_at.desc()).limit(5000)))
    unanswered = [question for question in reversed(newest_first) if question.state == NEW]
    return [*unanswered, *(question for question in newest_first if question.state != NEW)][:most]


def unanswered_count(session: Session) -> int:
    """How many questions wait for an answer."""
    return session.scalar(select(func.count()).select_from(Question).where(Question.state == NEW)) or 0


def answer(session: Session, number: int, *, text: str, subject: str, body: str, now: datetime) -> bool:
    """Store the answer, empty the contact and write the message into the outbox, in one transaction.

    `text` is stored, `subject` and `body` are the message; gives whether a message was written. Raises
    NoSuchQuestion and QuestionClosed.
    """
    with writing(session):
        question = _locked(session, number)
        is_mailed = question.channel == EMAIL and bool(question.contact)
        if is_mailed:
            message = OutboxMessage(
                key=f"question:{number}",
                about=target_of(number),
                kind="answer",
                language=question.language,
                recipient=question.contact,
                subject=subject,
                body=body,
            )
            enqueue(session, message, now=now)
        question.answer = text
        _finish(question, ANSWERED, now=now)
    return is_mailed


def close(session: Session, number: int, *, now: datetime) -> None:
    """Close a question without an answer and empty its contact; raises NoSuchQuestion and QuestionClosed."""
    with writing(session):
        _finish(_locked(session, number), CLOSED, now=now)


def remove(session: Session, number: int) -> None:
    """Delete a question and its messages; raises NoSuchQuestion."""
    with writing(session):
        get(session, number)
        delete_messages(session, about=target_of(number))
        session.execute(delete(Question).where(Question.id == number))


def target_of(number: int) -> str:
    """The name of a question in the outbox and in the audit log."""
    return f"questions/{number}"


def set_draft(session: Session, number: int, *, slug: str) -> None:
    """Store which draft a question became."""
    with writing(session):
        get(session, number).draft = slug


def _locked(session: Session, number: int) -> Question:
    """The unanswered question of that number, locked; raises NoSuchQuestion and QuestionClosed."""
    question = session.scalar(select(Question).where(Question.id == number).with_for_update())
    if question is None:
        raise NoSuchQuestion
    if question.state != NEW:
        raise QuestionClosed
    return question


def _finish(question: Question, state: str, *, now: datetime) -> None:
    if question.contact:
        question.contact = ""
        question.emptied_at = now
    question.state = state
    question.changed_at = now


def slug_of(question: Question) -> str:
    """A name for the page of this question, made of its first words."""
    plain = unicodedata.normalize("NFKD", question.text.casefold()).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2][:6]
    return "-".join(["tanya", *words, str(question.id)])[:80].strip("-")


def draft_files(question: Question, *, answer_text: str, topics: tuple[str, ...], region: str) -> dict[str, str]:
    """The files of an FAQ draft: question and answer, redacted once more; who asked, when and where is left out.

    A question in another language than the primary one stands in both files, so that nothing is lost until
    somebody writes the primary words.
    """
    title = " ".join(redacted(question.text, region=region).split())
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
    body = redacted(answer_text, region=region)
    summary = re.split(r"(?<=[.!?])\s", " ".join(body.split()), maxsplit=1)[0][:300]
    front_matter = yaml_text({"title": title, "summary": summary, "keywords": []})
    facts = {"status": "draft", "topics": list(topics), "certainty": "check"}
    words = f"---\n{front_matter}---\n{body}\n"
    files = {"facts.yaml": yaml_text(facts), f"{PRIMARY_LANGUAGE}.md": words}
    if question.language != PRIMARY_LANGUAGE:
        files[f"{question.language}.md"] = words
    return files
