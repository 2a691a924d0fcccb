"""`flask backup` and `flask restore`."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.backup import archive, making
from portal.backup.archive import ArchiveDamaged, Manifest
from portal.backup.contents import ContentDamaged
from portal.backup.making import NotEmpty, Place, WrongVersion
from portal.backup.tables import UnlikeTable
from portal.web.operations.commands import answer, json_option
from portal.web.state import portal
from portal.web.transactions import engine

NAME = "portal-%Y%m%dT%H%M%SZ.tar.gz"
PATTERN = "portal-*Z.tar.gz"
_file = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", type=click.IntRange(min=1), help="Delete the older backups in the folder beyond this number.")
@json_option
@with_appcontext
def backup(folder: Path, *, keep: int | None, as_json: bool) -> None:
    """Write content, history and tables into one verified file in FOLDER; the site may go on running."""
    now = datetime.now(UTC)
    to = folder / now.strftime(NAME)
    try:
        manifest = making.make(_place(), to, now=now)
    except (OSError, ArchiveDamaged) as error:
        raise click.ClickException(f"No backup was made: {error}. The older ones are as they were.") from None
    older = sorted(folder.glob(PATTERN), reverse=True)[keep:] if keep else []
    for path in older:
        path.unlink()
    rows = sum(manifest.rows.values())
    text = f"{to}: {to.stat().st_size} bytes, {len(manifest.rows)} tables with {rows} rows, read again and found whole."
    answer(
        {"file": str(to), "bytes": to.stat().st_size, "rows": rows, "deleted": len(older)}, as_json=as_json, text=text
    )


@click.command("restore")
@click.argument("file", type=_file)
@click.option("--replace", is_flag=True, help="Put the backup in the place of what is there.")
@click.option("--check", is_flag=True, help="Only read the backup to its end and say what it holds.")
@json_option
@with_appcontext
def restore(file: Path, *, replace: bool, check: bool, as_json: bool) -> None:
    """Bring the backup FILE back; stop the site first. An instance that holds anything refuses without --replace."""
    try:
        if check:
            manifest = archive.verify(file)
        else:
            with _site_stopped(portal().settings.instance):
                manifest = making.restore(file, _place(), now=datetime.now(UTC), replace=replace)
    except NotEmpty as full:
        raise click.ClickException(
            f"Nothing was changed: {full}. Use --replace to put the backup in its place."
        ) from None
    except (ArchiveDamaged, ContentDamaged, UnlikeTable, WrongVersion, OSError) as error:
        raise click.ClickException(f"{file} was not brought back: {error}.") from None
    if not check:
        portal().generations.bump_content()
    answer(
        {"made_at": manifest.made_at.isoformat(), "rows": manifest.rows, "content": manifest.content},
        as_json=as_json,
        text=_told(manifest, was_restored=not check),
    )


def _told(manifest: Manifest, *, was_restored: bool) -> str:
    rows = sum(manifest.rows.values())
    text = f"Backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC, {len(manifest.rows)} tables with {rows} rows"
    text += ", brought back. Run `flask init`, then start the site." if was_restored else ", whole."
    if manifest.key != _place().key():
        text += (
            "\nThis site has another secret key than the one that was backed up: authenticator apps and recovery codes"
            " no longer fit. Set PORTAL_SECRET_KEY to the old key, or let people in again with `flask reset-staff`."
        )
    return text


def _place() -> Place:
    settings = portal().settings
    return Place(
        engine=engine(),
        content=Path(settings.content),
        is_repository=settings.content_is_repository,
        secret_key=str(current_app.config["SECRET_KEY"]),
    )


@contextmanager
def _site_stopped(instance: Path) -> Iterator[None]:
    """Hold the lock of background work, so that nothing is sent or purged meanwhile."""
    with (instance / "work.lock").open("a") as lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException("`flask work` runs on this instance; stop the site first.") from None
        yield


COMMANDS = (backup, restore)
