"""Fresh databases for tests: a file of SQLite, or a database of its own on the test run's PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


def sqlite_url(folder: Path) -> str:
    """Give the address of a database file in that folder."""
    return f"sqlite:///{folder / 'portal.sqlite3'}"


@contextmanager
def fresh_postgres(server: str) -> Iterator[str]:
    """Make an empty database on that server and drop it afterwards, whoever is still connected."""
    name = f"test_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
