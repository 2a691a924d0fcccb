"""The fixtures of these tests."""

from __future__ import annotations

from tests.accounts.conftest import database_url, engine, session
from tests.served_site import address

__all__ = ["address", "database_url", "engine", "session"]
