"""The request's database session: opened when first asked for, rolled back unless committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.database import WRITES, engine_for, sessions_for

_EXTENSION = "portal.database"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


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

    A request that may write begins IMMEDIATE on SQLite: a reading transaction that turns into a
    writing one there fails under load instead of waiting.
    """
    if "database_session" not in g:
        bind: Engine = engine()
        if request and request.method not in _READING:
            bind = bind.execution_options(**{WRITES: True})
        g.database_session = sessions_for(bind)()
    opened: Session = g.database_session
    return opened


@contextmanager
def temporary_session() -> Iterator[None]:
    """Close the request's session at the end of the block when it was not open before.

    On SQLite the session of a form begins IMMEDIATE; left open it would keep every other one from writing.
    """
    was_open = "database_session" in g
    yield
    if not was_open:
        _close(None)


def _close(_error: BaseException | None) -> None:
    open_session: Session | None = g.pop("database_session", None)
    if open_session is not None:
        open_session.close()
