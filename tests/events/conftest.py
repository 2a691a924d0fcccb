"""Both databases, one event's terms, and letters that name only the deed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.database import engine_for, sessions_for
from portal.events.models import Registration
from portal.events.terms import Terms
from portal.mail import Letter
from portal.migrations import upgrade
from tests.databases import fresh_postgres, sqlite_url

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 10, 1, 0, tzinfo=UTC)

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield sqlite_url(tmp_path)
        else:
            yield stack.enter_context(fresh_postgres(request.getfixturevalue("postgres_url")))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessions_for(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as opened:
        yield opened


@pytest.fixture
def terms() -> Terms:
    return Terms(event="sosialisasi", starts=STARTS, ends=STARTS + timedelta(hours=2), capacity=10)


def plain_letters(kind: str, registration: Registration, *, place: int) -> Letter | None:
    """A letter that tells its kind, for parties with an e-mail address."""
    if not registration.email:
        return None
    return Letter(
        key=f"{registration.event}:{registration.joined}:{kind}:{registration.changes}",
        about=f"events/{registration.event}",
        kind=kind,
        language=registration.language,
        recipient=registration.email,
        subject=kind,
        body=f"{registration.name} {registration.code} {place}",
    )
