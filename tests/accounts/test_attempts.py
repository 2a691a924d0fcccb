"""Tries are counted before they are judged, and slowed: on both databases, one by one and all at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.accounts.authentication.attempts import (
    FORGOTTEN,
    FREE_TRIES,
    LONGEST_WAIT,
    forget,
    forgive,
    subject_of,
    take,
    wait_after,
)
from portal.accounts.models import Attempt
from portal.database import sessions_for
from tests.accounts.conftest import NOW

WHO = subject_of("password", "maria@example.org", key="k")


def test_the_first_tries_are_free_and_the_next_wait(session: Session) -> None:
    assert [take(session, WHO, now=NOW) for _ in range(FREE_TRIES)] == [timedelta(0)] * FREE_TRIES
    assert take(session, WHO, now=NOW) == timedelta(seconds=30)
    assert take(session, WHO, now=NOW + timedelta(seconds=29)) == timedelta(seconds=1)
    assert take(session, WHO, now=NOW + timedelta(seconds=30)) == timedelta(0)
    assert take(session, WHO, now=NOW + timedelta(seconds=31)) == timedelta(seconds=59)
    assert take(session, subject_of("password", "other@example.org", key="k"), now=NOW) == timedelta(0)


def test_getting_it_right_and_a_day_of_peace_forgive(session: Session) -> None:
    for _ in range(FREE_TRIES):
        take(session, WHO, now=NOW)
    forgive(session, WHO)
    assert take(session, WHO, now=NOW) == timedelta(0)
    for _ in range(FREE_TRIES - 1):
        take(session, WHO, now=NOW)
    assert take(session, WHO, now=NOW) > timedelta(0)
    assert take(session, WHO, now=NOW + FORGOTTEN) == timedelta(0)
    assert session.get_one(Attempt, WHO).failures == 1


def test_what_is_a_day_old_is_deleted(session: Session) -> None:
    take(session, WHO, now=NOW)
    assert forget(session, now=NOW + FORGOTTEN - timedelta(seconds=1)) == 0
    assert forget(session, now=NOW + FORGOTTEN) == 1


def test_many_tries_at_one_moment_get_no_further_than_slow_ones(engine: Engine) -> None:
    passed: list[bool] = []

    def guess() -> None:
        with sessions_for(engine)() as own:
            passed.append(take(own, WHO, now=NOW) == timedelta(0))

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(passed) == FREE_TRIES


@given(st.integers(min_value=0, max_value=10_000))
def test_waits_never_shrink_and_never_lock_anybody_out_for_good(failures: int) -> None:
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT


def test_a_subject_tells_nothing_and_does_not_depend_on_spelling() -> None:
    assert "maria" not in WHO
    assert subject_of("password", " Maria@Example.org ", key="k") == WHO
    assert subject_of("code", "maria@example.org", key="k") != WHO
    assert subject_of("password", "maria@example.org", key="other") != WHO


@pytest.mark.parametrize("failures", [5, 6, 7])
def test_waits_double(failures: int) -> None:
    assert wait_after(failures + 1) == 2 * wait_after(failures)
