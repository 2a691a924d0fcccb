"""Questions of readers: asked, answered once, turned into a draft that names nobody."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.content.document import PRIMARY_LANGUAGE
from portal.content.yaml_editing import yaml_text
from portal.database import writing
from portal.feedback.models import ANSWERED, CLOSED, EMAIL, NEW, STATES, Question
from portal.feedback.redaction import redacted
from portal.mail import Letter, enqueue, forget

LONGEST_QUESTION = 1000
LONGEST_ANSWER = 4000
LONGEST_TITLE = 150


class NoSuchQuestion(Exception):
    """There is no question of this number."""


class AlreadyDone(Exception):
    """The question was answered or closed meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a reader asks: stripped text, language of the answer, and how to answer."""

    text: str
    language: str
    channel: str
    contact: str
    page: str = ""


def ask(session: Session, asked: Asked, *, token: str, now: datetime) -> Question:
    """Store a question; the same form sent twice is one question."""
    query = select(Question).where(Question.form_token == token)
    try:
        with writing(session):
            found = session.scalar(query)
            if found is None:
                found = Question(
                    form_token=token,
                    state=NEW,
                    page=asked.page,
                    language=asked.language,
                    text=asked.text,
                    channel=asked.channel,
                    contact=asked.contact,
                    created_at=now,
                    changed_at=now,
                )
                session.add(found)
    except IntegrityError:
        found = session.scalars(query).one()
    return found


def get(session: Session, number: int) -> Question:
    """Give the question of that number; raises NoSuchQuestion."""
    found = session.get(Question, number)
    if found is None:
        raise NoSuchQuestion
    return found


def inbox(session: Session, *, state: str = "", most: int = 200) -> list[Question]:
    """Give the questions: unanswered ones first and the oldest of them on top, then the newest of the others."""
    query = select(Question)
    if state in STATES:
        query = query.where(Question.state == state)
    found = list(session.scalars(query.order_by(Question.created_at.desc()).limit(5000)))
    waiting = [one for one in reversed(found) if one.state == NEW]
    return [*waiting, *(one for one in found if one.state != NEW)][:most]


def unanswered(session: Session) -> int:
    """How many questions wait."""
    return session.scalar(select(func.count()).select_from(Question).where(Question.state == NEW)) or 0


def answer(session: Session, number: int, *, text: str, subject: str, body: str, now: datetime) -> bool:
    """Keep the answer and write the letter into the outbox, in one transaction with emptying the address.

    `text` is kept, `subject` and `body` are the letter; gives whether a letter was written. Raises
    NoSuchQuestion and AlreadyDone.
    """
    with writing(session):
        found = _open(session, number)
        is_mailed = found.channel == EMAIL and bool(found.contact)
        if is_mailed:
            letter = Letter(
                key=f"question:{number}",
                about=about(number),
                kind="answer",
                language=found.language,
                recipient=found.contact,
                subject=subject,
                body=body,
            )
            enqueue(session, letter, now=now)
        found.answer = text
        _finish(found, ANSWERED, now=now)
    return is_mailed


def close(session: Session, number: int, *, now: datetime) -> None:
    """Put a question away without an answer; its address goes. Raises NoSuchQuestion and AlreadyDone."""
    with writing(session):
        _finish(_open(session, number), CLOSED, now=now)


def remove(session: Session, number: int) -> None:
    """Delete a question and its letters; raises NoSuchQuestion."""
    with writing(session):
        get(session, number)
        forget(session, about=about(number))
        session.execute(delete(Question).where(Question.id == number))


def about(number: int) -> str:
    """The name under which the letters of a question stand in the outbox."""
    return f"questions/{number}"


def drafted(session: Session, number: int, *, slug: str) -> None:
    """Remember which draft a question became."""
    with writing(session):
        get(session, number).draft = slug


def _open(session: Session, number: int) -> Question:
    found = session.scalar(select(Question).where(Question.id == number).with_for_update())
    if found is None:
        raise NoSuchQuestion
    if found.state != NEW:
        raise AlreadyDone
    return found


def _finish(found: Question, state: str, *, now: datetime) -> None:
    if found.contact:
        found.contact = ""
        found.emptied_at = now
    found.state = state
    found.changed_at = now


def slug_of(question: Question) -> str:
    """A name for the page of this question, made of its first words."""
    plain = unicodedata.normalize("NFKD", question.text.casefold()).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2][:6]
    return "-".join(["tanya", *words, str(question.id)])[:80].strip("-")


def draft_files(question: Question, *, answer_: str, topics: tuple[str, ...], region: str) -> dict[str, str]:
    """The files of an FAQ draft: question and answer, stripped once more; who asked, when and where is left out.

    A question in another language than the primary one stands in both files, so that nothing is lost until
    somebody writes the primary words.
    """
    title = " ".join(redacted(question.text, region=region).split())
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
    said = redacted(answer_, region=region)
    summary = re.split(r"(?<=[.!?])\s", " ".join(said.split()), maxsplit=1)[0][:300]
    front = yaml_text({"title": title, "summary": summary, "keywords": []})
    facts = {"status": "draft", "topics": list(topics), "certainty": "check"}
    words = f"---\n{front}---\n{said}\n"
    files = {"facts.yaml": yaml_text(facts), f"{PRIMARY_LANGUAGE}.md": words}
    if question.language != PRIMARY_LANGUAGE:
        files[f"{question.language}.md"] = words
    return files
