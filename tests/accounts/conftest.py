"""Both databases, and an application whose clock of sign-in stands still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.database import engine_for, sessions_for
from portal.migrations import upgrade
from tests.conftest import AppFactory
from tests.databases import fresh_postgres, sqlite_url

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


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
def session(engine: Engine) -> Iterator[Session]:
    with sessions_for(engine)() as opened:
        yield opened


@pytest.fixture
def office(make_app: AppFactory) -> Flask:
    """An application of its own for tests that sign in; its real time stands at NOW."""
    app = make_app()
    app.config["REAL_CLOCK"] = NOW
    return app


@pytest.fixture
def any_office(make_app: AppFactory, database_url: str) -> Flask:
    """The same on each kind of database in turn."""
    app = make_app(database_url=database_url)
    app.config["REAL_CLOCK"] = NOW
    return app
