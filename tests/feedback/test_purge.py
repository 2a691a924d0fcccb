"""What readers wrote goes when its time is over, and addresses are overwritten in the files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from portal.database import engine_for, sessions_for
from portal.feedback import questions, ratings
from portal.feedback.models import Question, Reason, Votes
from portal.feedback.purge import purge
from portal.feedback.questions import QuestionClosed, SubmittedQuestion
from portal.mail import OutgoingMail
from portal.migrations import upgrade
from tests.databases import fresh_postgres, sqlite_url

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = sqlite_url(tmp_path)
        else:
            url = stack.enter_context(fresh_postgres(request.getfixturevalue("postgres_url")))
        made = engine_for(url)
        upgrade(made)
        yield made
        made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessions_for(engine)


def asked(sessions: sessionmaker[Session], token: str, *, contact: str = "maria@example.org") -> int:
    with sessions() as session:
        made = SubmittedQuestion(text=f"Pertanyaan {token}?", language="id", channel="email", contact=contact)
        return questions.submit(session, made, token=token, now=NOW).id


def work(sessions: sessionmaker[Session], engine: Engine, *, days: int) -> str:
    later = NOW + timedelta(days=days)
    return str(purge(sessions, engine, now=later, today=later.date()))


def numbers(sessions: sessionmaker[Session]) -> list[int]:
    with sessions() as session:
        return list(session.scalars(select(Question.id)))


def test_an_answered_question_stays_ninety_days(sessions: sessionmaker[Session], engine: Engine) -> None:
    number, other = asked(sessions, "a"), asked(sessions, "b")
    with sessions() as session:
        questions.answer(session, number, text="Ya.", subject="Jawaban", body="Ya.", now=NOW)
    assert work(sessions, engine, days=89) == ""
    assert work(sessions, engine, days=90) == "1 questions"
    assert numbers(sessions) == [other]
    with sessions() as session:
        assert session.scalars(select(OutgoingMail)).all() == []


def test_nobody_answered_for_a_year(sessions: sessionmaker[Session], engine: Engine) -> None:
    asked(sessions, "a")
    assert work(sessions, engine, days=364) == ""
    assert work(sessions, engine, days=365) == "1 questions"
    assert numbers(sessions) == []


def test_the_address_is_overwritten_in_the_files(tmp_path: Path) -> None:
    engine = engine_for(sqlite_url(tmp_path))
    upgrade(engine)
    sessions = sessions_for(engine)
    number = asked(sessions, "a")
    with sessions() as session:
        questions.close(session, number, now=NOW)
    purge(sessions, engine, now=NOW, today=NOW.date())
    assert b"maria@example.org" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    with sessions() as session:
        assert session.get_one(Question, number).scrubbed_at == NOW
    engine.dispose()


def test_reasons_and_votes_have_times_of_their_own(sessions: sessionmaker[Session], engine: Engine) -> None:
    with sessions() as session:
        ratings.count_vote(session, "faq/x", language="id", helpful=True, day=NOW.date())
        ratings.count_vote(session, "faq/x", language="id", helpful=False, day=NOW.date())
        ratings.add_reason(session, "faq/x", language="id", kind="old", text="", token="t", day=NOW.date())
    assert work(sessions, engine, days=179) == ""
    assert work(sessions, engine, days=180) == "1 reasons"
    with sessions() as session:
        assert session.scalars(select(Reason)).all() == []
        (kept,) = session.scalars(select(Votes))
        assert (kept.helpful, kept.unhelpful) == (1, 1)
    assert work(sessions, engine, days=730) == "1 days of votes"


def test_only_an_open_question_can_be_answered_or_closed(sessions: sessionmaker[Session], engine: Engine) -> None:
    number = asked(sessions, "a")
    with sessions() as session:
        questions.close(session, number, now=NOW)
        with pytest.raises(QuestionClosed):
            questions.close(session, number, now=NOW)
        with pytest.raises(QuestionClosed):
            questions.answer(session, number, text="x", subject="x", body="x", now=NOW)
