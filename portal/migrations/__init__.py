"""Migrations of the tables of people: one branch of revisions per package, all brought up by `flask init`.

A package's first revision has no ancestor and carries the package's name as branch label, so packages never
wait for each other: `portal/migrations/versions/<package>_0001_<what>.py`, revision `<package>_0001`.

Alembic is imported only where tables change: it would be a tenth of each start, which only compares revisions.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, MetaData, inspect, text

from portal.database import WRITES, Base

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).resolve().parent


def all_tables() -> MetaData:
    """Import every module that defines tables (each `models.py`, the outbox, the limits) and give their metadata."""
    portal = _HERE.parent
    for path in sorted([*portal.rglob("models.py"), portal / "mail.py", portal / "web" / "forms" / "rate_limits.py"]):
        importlib.import_module(".".join(["portal", *path.relative_to(portal).with_suffix("").parts]))
    return Base.metadata


def upgrade(engine: Engine, *, to: Sequence[str] = ("heads",)) -> None:
    """Bring the database to the newest revision of every package, or to these; in one transaction, safe to repeat."""
    from alembic import command

    config = _configuration()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        for revision in to:
            command.upgrade(config, revision)


def empty(engine: Engine) -> None:
    """Take every table of every package away, with all rows; in one transaction."""
    from alembic import command

    config = _configuration()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def current_revisions(engine: Engine) -> list[str]:
    """The newest revision of each package that the database has, sorted; none before the first migration."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return []
        return sorted(connection.scalars(text("SELECT version_num FROM alembic_version")))


def newest_revisions() -> list[str]:
    """The newest revision of each package that this code knows, sorted; from the names of the files."""
    names = [path.stem.split("_")[:2] for path in (_HERE / "versions").glob("*_[0-9]*.py")]
    return sorted("_".join(max(group)) for _, group in groupby(sorted(names), key=itemgetter(0)))


def unknown_revisions(revisions: Iterable[str]) -> list[str]:
    """Those of the revisions that this code does not have."""
    known = {"_".join(path.stem.split("_")[:2]) for path in (_HERE / "versions").glob("*_[0-9]*.py")}
    return sorted(set(revisions) - known)


def is_current(engine: Engine) -> bool:
    """Whether the database has every revision that this code knows, and no other."""
    return current_revisions(engine) == newest_revisions()


def _configuration() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config
