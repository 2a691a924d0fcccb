"""Limits that keep no address, and stamps that work once, here and for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import engine_for, sessions_for
from portal.migrations import upgrade
from portal.web.forms import rate_limits
from portal.web.forms.tokens import OLDEST, FormTokens, SubmittedTooFast, TokenExpired, TokenForged
from tests.conftest import AppFactory
from tests.databases import sqlite_url

NOW = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = engine_for(sqlite_url(tmp_path))
    upgrade(engine)
    with sessions_for(engine)() as opened:
        yield opened
    engine.dispose()


def test_counts_are_kept_apart_by_purpose_network_and_hour(session: Session) -> None:
    assert [rate_limits.count(session, "a", address="192.0.2.1", now=NOW) for _ in range(3)] == [1, 2, 3]
    assert rate_limits.count(session, "b", address="192.0.2.1", now=NOW) == 1
    assert rate_limits.count(session, "a", address="192.0.2.2", now=NOW) == 1
    assert rate_limits.count(session, "a", address="192.0.2.1", now=NOW + timedelta(hours=1)) == 1
    assert rate_limits.counted(session, "a", address="192.0.2.1", now=NOW) == 3


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "nonsense", True),
    ],
)
def test_a_network_is_an_ipv4_address_or_a_64_of_ipv6(first: str, second: str, same: bool) -> None:
    assert (rate_limits.network_of(first) == rate_limits.network_of(second)) is same


def test_no_address_is_stored_and_after_48_hours_not_even_its_pseudonym(session: Session, tmp_path: Path) -> None:
    rate_limits.count(session, "a", address="203.0.113.77", now=NOW)
    assert b"203.0.113.77" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert rate_limits.forget_networks(session, now=NOW + timedelta(hours=47)) == 0
    assert rate_limits.forget_networks(session, now=NOW + timedelta(hours=49)) == 1
    assert session.scalars(select(rate_limits.NetworkKey)).all() == []


def test_the_same_address_has_another_pseudonym_on_another_day(session: Session) -> None:
    for day in (NOW, NOW + timedelta(days=1)):
        rate_limits.count(session, "a", address="203.0.113.77", now=day)
    first, second = session.scalars(select(rate_limits.NetworkCount.network)).all()
    assert first != second


def test_a_stamp_gives_the_same_token_each_time_it_is_read() -> None:
    stamps = FormTokens(secret="s" * 40, purpose="a")
    stamp = stamps.fresh(NOW)
    later = NOW + timedelta(minutes=1)
    assert stamps.read(stamp, now=later) == stamps.read(stamp, now=later)
    assert stamps.read(stamps.fresh(NOW), now=later) != stamps.read(stamp, now=later)


def test_stamps_are_refused_when_forged_foreign_old_or_too_quick() -> None:
    stamps = FormTokens(secret="s" * 40, purpose="a")
    stamp = stamps.fresh(NOW)
    later = NOW + timedelta(minutes=1)
    for wrong in ("", "x", stamp[:-2], stamp + "x", "\ud800", FormTokens(secret="s" * 40, purpose="b").fresh(NOW)):
        with pytest.raises(TokenForged):
            stamps.read(wrong, now=later)
    with pytest.raises(TokenExpired):
        stamps.read(stamp, now=NOW + OLDEST + timedelta(seconds=1))
    with pytest.raises(SubmittedTooFast):
        stamps.read(stamp, now=NOW + timedelta(seconds=1))


@pytest.mark.parametrize("encoding", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("fields", [{"a": "x" * 70_000}, {f"a{number}": "" for number in range(300)}])
def test_forms_of_strangers_have_a_bound(make_app: AppFactory, encoding: str, fields: dict[str, str]) -> None:
    client = make_app().test_client()
    assert client.post("/id/feedback/ask", data={"question": "a"}, content_type=encoding).status_code != 413
    assert client.post("/id/feedback/ask", data=fields, content_type=encoding).status_code == 413
