"""Where content files come from: a folder in development, the tree of a git ref in production."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Protocol

from dulwich.objects import Blob, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from portal.content.facts import MAXIMUM_BYTES, ContentError, Problem

MAXIMUM_FILES = 100_000
MEDIA = "media/"
MAIN = Ref(b"refs/heads/main")


class Source(Protocol):
    """Files by their path below the content root; a file's mark changes whenever its bytes do."""

    def version(self) -> str:
        """A cheap mark of the whole state: equal marks mean equal files."""
        ...

    def listing(self) -> Mapping[str, str]:
        """Every file's path with its mark."""
        ...

    def recall(self, listing: Mapping[str, str]) -> None:
        """Read by this listing of the present version, which an earlier process made."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of one file; raises ContentError when it is gone, too large or leaves the tree."""
        ...


class FolderSource:
    """The files of a folder; symbolic links and hidden files are left out."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._marks: dict[str, tuple[tuple[int, int, int], str]] = {}

    def version(self) -> str:
        """A digest of every file's name, size and time of change."""
        digest = blake2b(digest_size=16)
        for path, entry in sorted(self._walk()):
            digest.update(f"{path}:{entry.st_mtime_ns}:{entry.st_size};".encode())
        return digest.hexdigest()

    def listing(self) -> Mapping[str, str]:
        """Every file's path with a digest of its bytes, read again only after a change."""
        found: dict[str, str] = {}
        for path, entry in self._walk():
            sign = (entry.st_mtime_ns, entry.st_size, entry.st_ino)
            known = self._marks.get(path)
            if known is None or known[0] != sign:
                try:
                    known = (sign, blake2b(self.read(path), digest_size=16).hexdigest())
                except ContentError:
                    # The mark of an unreadable file is its size, so that its reader reports it once per change.
                    known = (sign, f"unreadable-{entry.st_size}-{entry.st_mtime_ns}")
                self._marks[path] = known
            found[path] = known[1]
        return found

    def recall(self, listing: Mapping[str, str]) -> None:
        """Nothing to do: a folder's files are read where they lie."""

    def read(self, path: str) -> bytes:
        """The bytes of one file below the root."""
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts:
            raise ContentError(Problem(path, "", "is not a path below the content folder"))
        full = self.root.joinpath(*parts)
        try:
            if not full.resolve().is_relative_to(self.root.resolve()) or full.is_symlink():
                raise ContentError(Problem(path, "", "is a link out of the content folder; copy the file instead"))
            if not path.startswith(MEDIA) and full.stat().st_size > MAXIMUM_BYTES:
                size = full.stat().st_size
                raise ContentError(
                    Problem(path, "", f"holds {size} bytes; at most {MAXIMUM_BYTES} are read, so split it")
                )
            return full.read_bytes()
        except OSError as error:
            raise ContentError(Problem(path, "", f"cannot be read: {error.strerror}")) from None

    def _walk(self) -> Iterator[tuple[str, os.stat_result]]:
        pending = [self.root]
        seen = 0
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(folder) as entries:
                    listed = [entry for entry in entries if not entry.name.startswith(".")]
            except OSError:
                continue
            for entry in listed:
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                if stat.S_ISDIR(status.st_mode):
                    pending.append(Path(entry.path))
                elif stat.S_ISREG(status.st_mode) and not entry.name.endswith(("~", ".swp", ".tmp")):
                    seen += 1
                    if seen > MAXIMUM_FILES:
                        return
                    yield Path(entry.path).relative_to(self.root).as_posix(), status


class RepositorySource:
    """The tree of a ref of a bare repository, read from its objects without a work tree."""

    def __init__(self, path: Path, ref: Ref = MAIN, *, below: str = "") -> None:
        self.path = path
        self.ref = ref
        self._below = below
        self._repo = Repo(str(path))
        self._blobs: dict[str, bytes] = {}
        self._trees: dict[bytes, dict[str, bytes]] = {}

    def version(self) -> str:
        """The id of the commit at the ref, or nothing before the first one."""
        try:
            return self._repo.refs[self.ref].decode()
        except KeyError:
            return ""

    def sign(self) -> tuple[int, ...]:
        """The times of the files that hold the ref: a change of the ref changes one of them."""
        signs = []
        for name in (self.ref.decode(), "packed-refs"):
            try:
                status = (self.path / name).stat()
                signs += [status.st_mtime_ns, status.st_ino]
            except FileNotFoundError:
                signs += [0, 0]
        return tuple(signs)

    def listing(self) -> Mapping[str, str]:
        """Every file's path with the id of its blob; unchanged folders are remembered by their tree id."""
        version = self.version()
        if not version:
            return {}
        tree = self._repo[version.encode()].tree  # type: ignore[union-attr, attr-defined, unused-ignore]
        files = self._files(tree)
        start = len(self._below)
        self._blobs = {p[start:]: sha for p, sha in files.items() if p.startswith(self._below)} if start else files
        return {path: sha.decode() for path, sha in self._blobs.items()}

    def recall(self, listing: Mapping[str, str]) -> None:
        """Take the blobs of that listing as those of the last one."""
        self._blobs = {path: mark.encode() for path, mark in listing.items()}

    def read(self, path: str) -> bytes:
        """The bytes of one file of the last listing."""
        if not self._blobs:
            self.listing()
        sha = self._blobs.get(path)
        if sha is None:
            raise ContentError(Problem(path, "", "is not in the repository"))
        blob = self._repo[sha]
        if not isinstance(blob, Blob):
            raise ContentError(Problem(path, "", "is not a file"))
        return blob.data

    def _files(self, sha: bytes) -> dict[str, bytes]:
        known = self._trees.get(sha)
        if known is not None:
            return known
        found: dict[str, bytes] = {}
        tree = self._repo[sha]
        if isinstance(tree, Tree):
            for entry in tree.iteritems():
                name = (entry.path or b"").decode("utf-8", "replace")
                if stat.S_ISDIR(entry.mode or 0):
                    for below, blob in self._files(entry.sha).items():
                        found[f"{name}/{below}"] = blob
                elif stat.S_ISREG(entry.mode or 0):
                    found[name] = entry.sha
        if len(self._trees) > 20_000:
            self._trees.clear()
        self._trees[sha] = found
        return found
