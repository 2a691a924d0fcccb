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
from portal.backup.encryption import SUFFIX, WrongKey
from portal.backup.held_mail import release_messages
from portal.backup.making import NotEmpty, Place, WrongVersion
from portal.backup.tables import UnlikeTable
from portal.mail import HELD, backlog
from portal.web.operations.commands import answer, json_option
from portal.web.state import portal
from portal.web.transactions import engine, sessions

NAME = "portal-%Y%m%dT%H%M%SZ.tar.gz"
PATTERNS = ("portal-*Z.tar.gz", f"portal-*Z.tar.gz{SUFFIX}")
_file = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", type=click.IntRange(min=1), help="Delete the older backups in the folder beyond this number.")
@json_option
@with_appcontext
def backup(folder: Path, *, keep: int | None, as_json: bool) -> None:
    """Write content, history and tables into one verified file in FOLDER; the site may go on running."""
    now = datetime.now(UTC)
    place = _place()
    to = folder / (now.strftime(NAME) + (SUFFIX if place.recipients else ""))
    try:
        manifest = making.make(place, to, now=now)
    except (OSError, ArchiveDamaged, WrongKey) as error:
        raise click.ClickException(f"No backup was made: {error}. The older ones are as they were.") from None
    made = [path for pattern in PATTERNS for path in folder.glob(pattern)]
    older = sorted(made, reverse=True)[keep:] if keep else []
    for path in older:
        path.unlink()
    rows = sum(manifest.rows.values())
    text = f"{to}: {to.stat().st_size} bytes, {len(manifest.rows)} tables with {rows} rows, read again and found whole."
    if not place.recipients:
        text += " It is not encrypted: set PORTAL_BACKUP_RECIPIENTS to a public key of age."
    answer(
        {"file": str(to), "bytes": to.stat().st_size, "rows": rows, "deleted": len(older)}
        | {"encrypted": bool(place.recipients)},
        as_json=as_json,
        text=text,
    )


@click.command("restore")
@click.argument("file", type=_file)
@click.option("--replace", is_flag=True, help="Put the backup in the place of what is there.")
@click.option("--check", is_flag=True, help="Only read the backup to its end and say what it holds.")
@click.option("--identity", type=_file, help="The file of the private key that opens an encrypted backup.")
@json_option
@with_appcontext
def restore(file: Path, *, replace: bool, check: bool, identity: Path | None, as_json: bool) -> None:
    """Bring the backup FILE back; stop the site first. An instance that holds anything refuses without --replace."""
    try:
        manifest = _restored(file, identity, replace=replace, check=check)
    except NotEmpty as full:
        raise click.ClickException(
            f"Nothing was changed: {full}. Use --replace to put the backup in its place."
        ) from None
    except (ArchiveDamaged, ContentDamaged, UnlikeTable, WrongKey, WrongVersion, OSError) as error:
        raise click.ClickException(f"{file} was not brought back: {error}.") from None
    if not check:
        portal().generations.bump_content()
    answer(
        {"made_at": manifest.made_at.isoformat(), "rows": manifest.rows, "content": manifest.content},
        as_json=as_json,
        text=_told(manifest, was_restored=not check),
    )


def _restored(file: Path, identity: Path | None, *, replace: bool, check: bool) -> Manifest:
    place = _place()
    with making.plain(file, place, identity=identity) as archived:
        if check:
            return archive.verify(archived)
        with _site_stopped(portal().settings.instance):
            return making.restore(archived, place, now=datetime.now(UTC), replace=replace)


@click.command("held-mail")
@click.option("--send", is_flag=True, help="Let them go out; run `flask work --once` first, which purges.")
@click.option("--drop", is_flag=True, help="Delete them.")
@json_option
@with_appcontext
def held_mail(*, send: bool, drop: bool, as_json: bool) -> None:
    """Count the letters that a restore holds back, send them or delete them."""
    if send and drop:
        raise click.UsageError("Give --send or --drop, not both.")
    with sessions()() as session:
        count = release_messages(session, drop=drop) if send or drop else backlog(session).get(HELD, 0)
    done = "now wait to be sent" if send else "are deleted" if drop else "are held"
    answer({"letters": count}, as_json=as_json, text=f"{count} letters {done}.")


def _told(manifest: Manifest, *, was_restored: bool) -> str:
    rows = sum(manifest.rows.values())
    text = f"Backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC, {len(manifest.rows)} tables with {rows} rows"
    text += ", brought back. Run `flask init`, then start the site." if was_restored else ", whole."
    if was_restored:
        with sessions()() as session:
            held = backlog(session).get(HELD, 0)
        if held:
            text += (
                f"\n{held} letters that were waiting then are held, since they may have been sent: `flask held-mail`."
            )
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
        recipients=settings.backup_recipients,
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


COMMANDS = (backup, restore, held_mail)
