"""The archive: a compressed tar file whose first member tells every other one with its size and its digest."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

MANIFEST = "manifest.json"
FORMAT = 1
LONGEST_MANIFEST = 64 * 1024 * 1024
PIECE = 1024 * 1024


class ArchiveDamaged(Exception):
    """The file is no backup of this site, or not all of it is as it was written; the message says what."""


class Member(msgspec.Struct, frozen=True):
    """One file of the archive: its size in bytes and its SHA-256."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an archive holds, and what the site must be like to take it."""

    format: int
    made_at: datetime
    # The revisions of the database; another version of the site cannot read the tables.
    revisions: list[str]
    content: str
    commit: str
    # Tells whether a site has the same secret key, without telling the key.
    key: str
    rows: dict[str, int]
    files: dict[str, Member]


def member_of(path: Path) -> Member:
    """Size and digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return Member(path.stat().st_size, digest.hexdigest())


def write(archive: Path, manifest: Manifest, folder: Path) -> None:
    """Write the files of the folder that the manifest names; readable by their owner only, whole or not at all."""
    partial = archive.with_name(archive.name + ".partial")
    try:
        partial.touch(mode=0o600)
        with partial.open("wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar:
                _add(tar, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
                for name in sorted(manifest.files):
                    tar.add(folder / name, arcname=name, recursive=False, filter=_plain)
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(archive)
    finally:
        partial.unlink(missing_ok=True)


def verify(archive: Path) -> Manifest:
    """Read the whole archive and give its manifest; raises ArchiveDamaged for anything that differs from it."""
    with _opened(archive) as tar:
        manifest = _manifest(tar)
        actual = {}
        while (entry := tar.next()) is not None:
            actual[entry.name] = _digested(tar, entry, manifest)
    missing = sorted(manifest.files.keys() - actual.keys())
    if missing:
        raise ArchiveDamaged(f"{missing[0]} is missing")
    return manifest


def unpack(archive: Path, folder: Path) -> Manifest:
    """Write the members of a verified archive below the folder; raises ArchiveDamaged as verify does."""
    with _opened(archive) as tar:
        manifest = _manifest(tar)
        while (entry := tar.next()) is not None:
            _digested(tar, entry, manifest, to=folder / entry.name)
    return manifest


def _digested(tar: tarfile.TarFile, entry: tarfile.TarInfo, manifest: Manifest, *, to: Path | None = None) -> Member:
    known = manifest.files.get(entry.name)
    source = tar.extractfile(entry) if entry.isfile() else None
    if known is None or source is None:
        raise ArchiveDamaged(f"'{entry.name[:100]}' does not belong into a backup")
    digest, size = hashlib.sha256(), 0
    if to is not None:
        to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") if to is not None else io.BytesIO() as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
            if to is not None:
                target.write(piece)
    made = Member(size, digest.hexdigest())
    if made != known:
        raise ArchiveDamaged(f"{entry.name} is not as it was written")
    return made


def _manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != MANIFEST or not entry.isfile() or entry.size > LONGEST_MANIFEST:
        raise ArchiveDamaged("it does not begin with a manifest")
    source = tar.extractfile(entry)
    try:
        manifest = msgspec.json.decode(source.read() if source else b"", type=Manifest)
    except msgspec.DecodeError as error:
        raise ArchiveDamaged(f"its manifest cannot be read: {error}") from None
    if manifest.format != FORMAT:
        raise ArchiveDamaged(f"it is of format {manifest.format}; this version reads format {FORMAT}")
    if any(_leads_out(name) for name in manifest.files):
        raise ArchiveDamaged("it names files outside of a backup")
    return manifest


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name


@contextmanager
def _opened(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, mode="r:gz") as tar:
            yield tar
    except FileNotFoundError:
        raise ArchiveDamaged("there is no such file") from None
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error) as error:
        raise ArchiveDamaged(f"it cannot be read to its end: {error}") from None


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    tar.addfile(entry, io.BytesIO(data))


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mode, entry.uid, entry.gid, entry.uname, entry.gname = 0o600, 0, 0, "", ""
    return entry
