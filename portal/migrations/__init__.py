"""Migrations of the tables of people: one branch of revisions per package, all brought up by `flask init`.

A package's first revision has no ancestor and carries the package's name as branch label, so packages never
wait for each other: `portal/migrations/versions/<package>_0001_<what>.py`.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

from portal.database import WRITES, Base

_HERE = Path(__file__).resolve().parent


def all_tables() -> MetaData:
    """Import every module that defines tables (each `models.py`, the outbox, the limits) and give their metadata."""
    portal = _HERE.parent
    for path in sorted([*portal.rglob("models.py"), portal / "mail.py", portal / "web" / "forms" / "rate_limits.py"]):
        importlib.import_module(".".join(["portal", *path.relative_to(portal).with_suffix("").parts]))
    return Base.metadata


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision of every package, in one transaction; safe to repeat."""
    config = _configuration()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")


def empty(engine: Engine) -> None:
    """Take every table of every package away, with all rows; in one transaction."""
    config = _configuration()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def current_revisions(engine: Engine) -> list[str]:
    """The newest revision of each package that the database has, sorted."""
    with engine.connect() as connection:
        return sorted(MigrationContext.configure(connection).get_current_heads())


def newest_revisions() -> list[str]:
    """The newest revision of each package that this code knows, sorted."""
    return sorted(ScriptDirectory.from_config(_configuration()).get_heads())


def is_current(engine: Engine) -> bool:
    """Whether the database has every revision that this code knows."""
    script = ScriptDirectory.from_config(_configuration())
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(script.get_heads())


def _configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config
