"""The request's database session: opened when first asked for, rolled back unless committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.database import engine_for, sessions_for

_EXTENSION = "portal.database"


def connect(app: Flask, url: str) -> Engine:
    """Connect the application to the database at `url` and end each request's session."""
    engine = engine_for(url)
    app.extensions[_EXTENSION] = engine
    app.teardown_appcontext(_close)
    return engine


def engine() -> Engine:
    """Give the application's engine."""
    connected: Engine = current_app.extensions[_EXTENSION]
    return connected


def sessions() -> sessionmaker[Session]:
    """Give a factory of sessions of their own, for commands and jobs."""
    return sessions_for(engine())


def session() -> Session:
    """Give the session of this request (or of this command).

    It reads: on SQLite its transaction begins without the lock of writers, so that a form may be read, checked and
    rendered for as long as that takes. What is written is written inside `portal.database.writing`.
    """
    if "database_session" not in g:
        g.database_session = sessions()()
    opened: Session = g.database_session
    return opened


@contextmanager
def temporary_session() -> Iterator[None]:
    """Close the request's session at the end of the block when it was not open before.

    A transaction that is left open keeps an old state of the database in use.
    """
    was_open = "database_session" in g
    yield
    if not was_open:
        _close(None)


def _close(_error: BaseException | None) -> None:
    open_session: Session | None = g.pop("database_session", None)
    if open_session is not None:
        open_session.close()
