"""What a backup may not hold or bring back: sign-ins, networks, plain text for strangers, letters sent already."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from portal.backup import archive, making, staging
from portal.backup.encryption import WrongKey
from portal.backup.held_mail import release_messages
from portal.backup.making import Place
from portal.content.sources.bundled import ensure_repository
from portal.database import WRITES, engine_for, writing
from portal.events.registrations.models import Registration
from portal.mail import HELD, WAITING, OutboxMessage, OutgoingMail, enqueue
from portal.migrations import _configuration, newest_revisions, upgrade
from portal.web.forms import rate_limits
from tests.backup.test_commands import call
from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.databases import sqlite_url

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NETWORK = "f" * 32


def place_in(folder: Path, *, recipients: tuple[str, ...] = ()) -> Place:
    folder.mkdir(exist_ok=True)
    engine = engine_for(sqlite_url(folder))
    upgrade(engine)
    ensure_repository(folder / "content.git", SAMPLE_CONTENT, at=NOW)
    content = folder / "content.git"
    return Place(engine=engine, content=content, is_repository=True, secret_key="k" * 40, recipients=recipients)


def register(engine: Engine, *, network: str = NETWORK) -> None:
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO event_places (event, taken, walked_in, waiting, joined, last_fits, announced)"
                " VALUES ('e', 1, 0, 0, 1, 1, '')"
            )
        )
        columns = "event, code, form_token, form_digest, state, joined, seat, origin, name, heads, district, phone"
        columns += ", email, language, note, created_at, changed_at, changes, attendance, attended_heads"
        values = "'e', 'CODE', 't', '', 'offered', 1, 'booked', 'reader', 'Maria Rahasia', 1, '', '', 'm@example.org'"
        values += ", 'id', '', '2026-12-01 01:00:00', '2026-12-01 01:00:00', 0, '', 0"
        if network:
            columns, values = f"{columns}, network", f"{values}, '{network}'"
        connection.execute(text(f"INSERT INTO registrations ({columns}) VALUES ({values})"))


def names_in(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        return [tuple(row) for row in session.execute(select(Registration.name, Registration.network))]


def test_no_backup_holds_sign_ins_or_networks(tmp_path: Path) -> None:
    one, other = place_in(tmp_path / "one"), place_in(tmp_path / "other")
    register(one.engine)
    with Session(one.engine) as session:
        rate_limits.count(session, "p", address="192.0.2.1", now=NOW)
    making.make(one, tmp_path / "b.tar.gz", now=NOW)
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        whole = b"".join(tar.extractfile(entry).read() for entry in tar if entry.name != "content.bundle")  # type: ignore[union-attr]
    assert b"Maria Rahasia" in whole
    assert NETWORK.encode() not in whole
    assert b"network_counts" not in whole
    making.restore(tmp_path / "b.tar.gz", other, now=NOW)
    assert names_in(other.engine) == [("Maria Rahasia", "")]


def test_an_encrypted_backup_opens_with_each_key_and_with_no_other(tmp_path: Path) -> None:
    keys = [pyrage.x25519.Identity.generate() for _ in range(3)]
    one = place_in(tmp_path / "one", recipients=tuple(str(key.to_public()) for key in keys[:2]))
    register(one.engine)
    file = tmp_path / "backups" / "b.tar.gz.age"
    making.make(one, file, now=NOW)
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o077 == 0
    assert b"Maria" not in file.read_bytes()
    files = [tmp_path / f"key{number}" for number in range(3)]
    for path, key in zip(files, keys, strict=True):
        path.write_text(f"# a comment\n{key}\n")
    for number, path in enumerate(files[:2]):
        other = place_in(tmp_path / f"other{number}")
        with making.plain(file, other, identity=path) as archived:
            making.restore(archived, other, now=NOW)
        assert names_in(other.engine) == [("Maria Rahasia", "")]
        assert not list(other.content.parent.glob(".restore-*"))
    for wrong in (files[2], None):
        with pytest.raises(WrongKey), making.plain(file, one, identity=wrong):
            pass
    damaged = bytearray(file.read_bytes())
    damaged[-20] ^= 1
    file.write_bytes(bytes(damaged))
    with pytest.raises((WrongKey, OSError)), making.plain(file, one, identity=files[0]):
        pass


def test_the_commands_say_what_is_not_encrypted_and_read_what_is(make_app: AppFactory, tmp_path: Path) -> None:
    def site(*recipients: str) -> Flask:
        ensure_repository(tmp_path / "content.git", SAMPLE_CONTENT, at=NOW)
        return make_app(content=tmp_path / "content.git", content_is_repository=True, backup_recipients=recipients)

    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(str(key))
    assert "not encrypted" in call(site(), "backup", str(tmp_path / "plain"))[1]
    code, output = call(site("age1nonsense"), "backup", str(tmp_path / "none"))
    assert (code, "no public key of age" in output) == (1, True)
    _code, output = call(site(str(key.to_public())), "backup", str(tmp_path / "b"), "--json")
    file = json.loads(output)["file"]
    assert (json.loads(output)["encrypted"], file[-11:]) == (True, ".tar.gz.age")
    code, output = call(site(), "restore", file, "--check")
    assert (code, "--identity" in output) == (1, True)
    assert call(site(), "restore", file, "--check", "--identity", str(tmp_path / "key"))[0] == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from portal.backup import staging
with staging.staging(Path(sys.argv[1]), ".backup-") as folder:
    (folder / "tables").mkdir()
    (folder / "tables" / "registrations.jsonl").write_text("Maria Rahasia")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_backup_left_is_deleted_by_the_next_one(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = tmp_path.glob(".backup-*")
    older = tmp_path / ".backup-before"
    (older / "tables").mkdir(parents=True)
    with staging.staging(tmp_path / "elsewhere", ".backup-") as used:
        assert staging.sweep(used.parent) == 0
        assert used.exists()
    one = place_in(tmp_path / "one")
    making.make(one, tmp_path / "b.tar.gz", now=NOW)
    assert not left.exists()
    assert not older.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "elsewhere", "one"]


def test_a_backup_of_an_older_schema_is_loaded_and_brought_up(tmp_path: Path) -> None:
    one, other = place_in(tmp_path / "one"), place_in(tmp_path / "other")
    config = _configuration()
    with one.engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "events@events_0001")
    register(one.engine, network="")
    file = tmp_path / "b.tar.gz"
    older_backup(one, file)
    assert archive.verify(file).revisions != newest_revisions()
    making.restore(file, other, now=NOW)
    with Session(other.engine) as session:
        row = session.scalars(select(Registration)).one()
    assert (row.name, row.email_key, row.network) == ("Maria Rahasia", "m@example.org", "")


def older_backup(place: Place, file: Path) -> None:
    """A backup as the version wrote it that had no columns for contacts."""
    registrations = Registration.__table__
    columns = [registrations.c.email_key, registrations.c.network]
    index = next(one for one in registrations.indexes if one.name == "uq_registrations_live_email")
    try:
        for column in columns:
            registrations._columns.remove(column)  # type: ignore[attr-defined]
        making.make(place, file, now=NOW)
    finally:
        for column in columns:
            registrations._columns.add(column)  # type: ignore[attr-defined]
    assert index in registrations.indexes


def test_a_restored_letter_is_held_until_somebody_decides(tmp_path: Path) -> None:
    one, other = place_in(tmp_path / "one"), place_in(tmp_path / "other")
    with Session(one.engine) as session, writing(session):
        for number in range(2):
            letter = OutboxMessage(
                key=f"k{number}", about="e", kind="k", language="id", recipient="m@example.org", subject="s", body="b"
            )
            enqueue(session, letter, now=NOW - timedelta(days=1))
    making.make(one, tmp_path / "b.tar.gz", now=NOW)
    making.restore(tmp_path / "b.tar.gz", other, now=NOW)
    with Session(other.engine) as session:
        assert session.scalars(select(OutgoingMail.state)).all() == [HELD, HELD]
        assert release_messages(session, drop=False) == 2
        assert session.scalars(select(OutgoingMail.state)).all() == [WAITING, WAITING]
    making.restore(tmp_path / "b.tar.gz", other, now=NOW, replace=True)
    with Session(other.engine) as session:
        assert release_messages(session, drop=True) == 2
        assert session.scalars(select(OutgoingMail.id)).all() == []
