"""Generations: each published state of the index is a folder that never changes; `CURRENT` names the one in use."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

MANIFEST = "MANIFEST.json"
CURRENT = "CURRENT"
_MOST_KEPT = 3
_PREFIX = "gen-"


class IndexMissing(Exception):
    """No usable generation exists; the message says what is missing or damaged."""


class Manifest(msgspec.Struct, frozen=True):
    """The hashes of a generation's files, its number of live documents, and what it was built from.

    `thesaurus` are the version of the rules and the fingerprint of the thesaurus; `made_from` the content's version.
    """

    files: dict[str, str]
    documents: int
    thesaurus: str
    made_from: str = ""


@contextmanager
def build_lock(root: Path) -> Iterator[None]:
    """Hold the lock by which one process at a time builds; waits for it. The system frees it when a process dies."""
    root.mkdir(parents=True, exist_ok=True, mode=0o750)
    with (root / "LOCK").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def current_name(root: Path) -> str:
    """The name of the generation in use; raises IndexMissing."""
    try:
        name = (root / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexMissing(f"{root / CURRENT} cannot be read: {error}") from error
    if not name.startswith(_PREFIX) or not (root / name / MANIFEST).is_file():
        raise IndexMissing(f"{root / CURRENT} names '{name}', which is not a finished generation.")
    return name


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation; raises IndexMissing."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise IndexMissing(f"{folder / MANIFEST} cannot be read: {error}") from error


def verify(folder: Path) -> None:
    """Compare every file of a generation with its manifest; raises IndexMissing naming the first that differs."""
    for name, expected in read_manifest(folder).files.items():
        path = folder / name
        if not path.is_file() or _hash(path) != expected:
            raise IndexMissing(f"{path} is missing or differs from its manifest.")


def new_build(root: Path) -> Path:
    """An empty folder to build in, beside the generations."""
    folder = root / f"build-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o750)
    return folder


def linked_build(root: Path, generation: Path) -> Path:
    """A folder to build in that shares the files of a generation: cheap, as files are only ever replaced."""
    folder = new_build(root)
    for name in read_manifest(generation).files:
        os.link(generation / name, folder / name)
    return folder


def publish(
    root: Path, build: Path, *, documents: int, thesaurus: str, made_from: str, check: Callable[[Path], None]
) -> str:
    """Make a finished build the generation in use and return its name; `check` may refuse the build by raising."""
    check(build)
    files = {path.name: path for path in sorted(build.iterdir()) if path.is_file() and not _is_transient(path)}
    hashes_by_inode = _known_hashes(root)
    hashes = {name: hashes_by_inode.get(_identity(path)) or _hash(path) for name, path in files.items()}
    manifest = Manifest(files=hashes, documents=documents, thesaurus=thesaurus, made_from=made_from)
    (build / MANIFEST).write_bytes(msgspec.json.encode(manifest))
    for path in (*files.values(), build / MANIFEST):
        if path.stat().st_nlink == 1:
            _sync(path)
    _sync(build)
    name = f"{_PREFIX}{_highest(root) + 1:06d}"
    build.rename(root / name)
    _sync(root)
    temporary = root / f"{CURRENT}.part"
    temporary.write_text(name, encoding="ascii")
    _sync(temporary)
    temporary.replace(root / CURRENT)
    _sync(root)
    return name


def sweep(root: Path) -> None:
    """Remove all but the last three generations, and abandoned builds. Requires the lock of the builder."""
    try:
        current = current_name(root)
    except IndexMissing:
        current = ""
    finished = sorted(path for path in root.glob(f"{_PREFIX}*") if path.is_dir())
    for path in finished[:-_MOST_KEPT]:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)
    for path in root.glob("build-*"):
        shutil.rmtree(path, ignore_errors=True)


def _known_hashes(root: Path) -> dict[tuple[int, int], str]:
    # A hard-linked file is the same inode as in the generation it came from, so its hash is known.
    try:
        folder = root / current_name(root)
        return {_identity(folder / name): value for name, value in read_manifest(folder).files.items()}
    except (IndexMissing, OSError):
        return {}


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _is_transient(path: Path) -> bool:
    return path.name == MANIFEST or path.name.endswith(("LOCK", ".part"))


def _highest(root: Path) -> int:
    return max((int(path.name[len(_PREFIX) :]) for path in root.glob(f"{_PREFIX}[0-9]*")), default=0)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def published_at(root: Path) -> float:
    """When the generation in use was published, in seconds since the epoch; raises IndexMissing."""
    current_name(root)
    return (root / CURRENT).stat().st_mtime
