"""What is kept of searches: counts without anything that could name a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from portal.database import engine_for, sessions_for
from portal.migrations import upgrade
from portal.search.engine.query.tiers import Tier
from portal.search.models import SearchCount
from portal.search.query_counts import QueryCounter, forget_rare_queries, frequent_queries, redacted
from tests.conftest import AppFactory
from tests.databases import fresh_postgres, sqlite_url

DAY = date(2026, 11, 24)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    if request.param == "sqlite":
        made: Engine = engine_for(sqlite_url(tmp_path))
        upgrade(made)
        yield sessions_for(made)
        made.dispose()
    else:
        with fresh_postgres(request.getfixturevalue("postgres_url")) as url:
            made = engine_for(url)
            upgrade(made)
            yield sessions_for(made)
            made.dispose()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Paspor  HILANG", "paspor hilang"),
        ("budi.santoso+x@example.co.id paspor", "… paspor"),
        ("status 081234567890", "status …"),
        ("hubungi +62 812-3456-7890 ya", "hubungi … ya"),
        ("(0380) 123456", "…"),
        ("nik 5371012345678901 hilang", "nik … hilang"),
        ("paspor A1234567 rusak", "paspor … rusak"),
        ("paspor x 123456", "paspor …"),
        ("kode 12345", "kode …"),
        ("paspor 350.000", "paspor 350.000"),
        ("biaya 650000", "biaya 650000"),
        ("pp 45/2024", "pp 45/2024"),
        ("e33g", "e33g"),
        ("umur 17 tahun", "umur 17 tahun"),
    ],
)
def test_redacted(typed: str, kept: str) -> None:
    assert redacted(typed) == kept


@given(
    st.from_regex(r"\A[a-z ]{0,20}(?:08[0-9]{8,11}|[0-9]{16}|[A-Z][0-9]{7}|[a-z]{2,8}@[a-z]{2,8}\.id)[a-z ]{0,20}\Z")
)
def test_no_number_or_address_of_a_person_is_kept(typed: str) -> None:
    kept = redacted(typed)
    assert "@" not in kept
    assert not any(len(word) > 4 and sum(map(str.isdigit, word)) > 5 for word in kept.split())


def test_a_query_is_shown_from_three_on(sessions: sessionmaker[Session]) -> None:
    tally = QueryCounter()
    for text, times in (("paspor", 2), ("kitas", 3)):
        for _ in range(times):
            tally.count(text, language="id", tier=Tier.NOTHING, day=DAY)
    assert tally.write(sessions) == 2
    with sessions() as session:
        assert [(one.query, one.count) for one in frequent_queries(session, since=DAY, language="id")] == [("kitas", 3)]
    tally.count("Paspor ", language="id", tier=Tier.ANSWERS, day=DAY)
    tally.write(sessions)
    with sessions() as session:
        assert [one.query for one in frequent_queries(session, since=DAY, language="id")] == ["kitas", "paspor"]
        assert [one.query for one in frequent_queries(session, since=DAY, language="id", tiers=[Tier.NOTHING])] == [
            "kitas"
        ]
        assert frequent_queries(session, since=DAY, language="en") == []
        assert frequent_queries(session, since=DAY + timedelta(days=1), language="id") == []


def test_what_is_only_personal_is_not_counted(sessions: sessionmaker[Session]) -> None:
    tally = QueryCounter()
    tally.count("081234567890", language="id", tier=Tier.NOTHING, day=DAY)
    assert tally.write(sessions) == 0


def test_a_failed_writing_loses_nothing(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    tally = QueryCounter()
    tally.count("paspor", language="id", tier=Tier.ANSWERS, day=DAY)
    broken = sessions_for(engine_for(f"sqlite:///{tmp_path / 'empty.sqlite3'}"))
    with pytest.raises(Exception, match="search_counts"):
        tally.write(broken)
    assert tally.write(sessions) == 1


def test_rare_queries_are_forgotten(sessions: sessionmaker[Session]) -> None:
    tally = QueryCounter()
    for text, times, days in (("rare", 2, 31), ("common", 3, 31), ("fresh", 1, 5), ("ancient", 9, 500)):
        for _ in range(times):
            tally.count(text, language="id", tier=Tier.ANSWERS, day=DAY - timedelta(days=days))
    tally.write(sessions)
    with sessions() as session:
        assert forget_rare_queries(session, today=DAY) == 2
        assert set(session.scalars(select(SearchCount.query))) == {"common", "fresh"}


def test_a_search_is_counted_once_and_its_further_pages_are_not(make_app: AppFactory) -> None:
    app: Flask = make_app()
    client = app.test_client()
    for _ in range(3):
        client.get("/id/search?q=kartu+hilang")
    client.get("/id/search?q=kartu+hilang&page=2")
    client.get("/id/search?q=kartu+hilang&type=faq")
    client.get("/id/search/suggest?q=kartu+hilang")
    feature = app.extensions["portal.search"]
    with app.app_context():
        from portal.web.transactions import sessions as sessions_of

        feature.query_counter.write(sessions_of())
        with sessions_of()() as session:
            (result,) = frequent_queries(session, since=DAY - timedelta(days=36500), language="id")
    assert (result.query, result.count) == ("kartu hilang", 3)
