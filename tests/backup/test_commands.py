"""`flask backup` and `flask restore` as an operator calls them."""

from __future__ import annotations

import fcntl
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from portal.backup.archive import ArchiveDamaged, verify
from portal.content.sources.bundled import ensure_repository
from tests.accounts.signing import make_staff
from tests.conftest import SAMPLE_CONTENT, AppFactory


def call(app: Flask, *arguments: str) -> tuple[int, str]:
    ran = app.test_cli_runner().invoke(args=list(arguments))
    return ran.exit_code, ran.output


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> Flask:
    ensure_repository(tmp_path / "content.git", SAMPLE_CONTENT, at=datetime(2026, 11, 24, tzinfo=UTC))
    return make_app(content=tmp_path / "content.git", content_is_repository=True)


def test_a_backup_is_made_checked_kept_and_brought_back_elsewhere(
    site: Flask, make_app: AppFactory, tmp_path: Path
) -> None:
    make_staff(site, "admin")
    folder = tmp_path / "backups"
    code, output = call(site, "backup", str(folder), "--json")
    assert code == 0, output
    file = json.loads(output)["file"]
    assert call(site, "restore", file, "--check")[0] == 0
    code, output = call(site, "restore", file)
    assert code == 1
    assert "Nothing was changed: the database has rows in accounts_staff" in output
    other = make_app(content=tmp_path / "other.git", content_is_repository=True, secret_key="o" * 40)
    code, output = call(other, "restore", file)
    assert code == 0, output
    assert "another secret key" in output
    assert "reset-staff" in output
    assert call(other, "reset-staff", "admin@example.org")[0] == 0
    for number in range(3):
        (folder / f"portal-2020010{number + 1}T000000Z.tar.gz").touch()
    assert json.loads(call(site, "backup", str(folder), "--keep", "2", "--json")[1])["deleted"] == 3
    assert len(list(folder.iterdir())) == 2


def test_nothing_is_brought_back_while_the_site_works(site: Flask, tmp_path: Path) -> None:
    _code, output = call(site, "backup", str(tmp_path / "backups"), "--json")
    file = json.loads(output)["file"]
    instance = site.extensions["portal"].settings.instance
    with (instance / "work.lock").open("a") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        code, output = call(site, "restore", file)
    assert (code, "stop the site first" in output) == (1, True)


def _packed(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a\\b", "tables/../../evil"])
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    manifest = {
        "format": 1,
        "made_at": "2026-12-01T00:00:00Z",
        "revisions": [],
        "content": "folder",
        "commit": "",
        "key": "",
        "rows": {},
        "files": {name: {"size": 1, "sha256": "0" * 64}},
    }
    path = _packed(tmp_path / "b.tar.gz", {"manifest.json": json.dumps(manifest).encode(), name: b"x"})
    with pytest.raises(ArchiveDamaged, match="outside of a backup"):
        verify(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08\x00"])
def test_what_is_no_backup_is_told(site: Flask, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(content)
    code, output = call(site, "restore", str(path))
    assert code == 1
    assert "was not brought back" in output
    assert call(site, "restore", str(tmp_path / "missing"))[0] == 1
