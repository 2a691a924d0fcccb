"""Both databases in turn, as for accounts."""

from __future__ import annotations

from tests.accounts.conftest import database_url, engine, session

__all__ = ["database_url", "engine", "session"]
