"""Where content files come from: a folder in development, the tree of a git ref in production."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Protocol, cast

from dulwich.objects import Blob, ObjectID, parse_tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from portal.content.parsing import MAXIMUM_BYTES, TOO_LARGE
from portal.content.problems import ContentError, Problem, ProblemKind
from portal.content.sources.adoption import Adoption, NothingAdopted

MAXIMUM_FILES = 100_000
MEDIA = "media/"
MAIN = Ref(b"refs/heads/main")

OUTSIDE = ProblemKind("schema", "is not a path below the content folder")
LINK = ProblemKind("schema", "is a link out of the content folder; copy the file instead")
UNREADABLE = ProblemKind("schema", "cannot be read: %(error)s")
NOT_IN_REPOSITORY = ProblemKind("schema", "is not in the repository")
NOT_A_FILE = ProblemKind("schema", "is not a file")
REFUSED = ProblemKind("source", "is not served as it stands in the repository: %(error)s")
NEVER_ADOPTED = ProblemKind(
    "source", "cannot be served: %(error)s; look at it, then adopt it: `PORTAL_CONTENT_SIGNERS= flask adopt-content`"
)


class Source(Protocol):
    """Files by their path below the content root; a file's digest changes whenever its bytes do."""

    def version(self) -> str:
        """A cheap identifier of the whole state: equal versions mean equal files."""
        ...

    def listing(self) -> Mapping[str, str]:
        """Every file's path with its digest."""
        ...

    def recall(self, version: str, listing: Mapping[str, str]) -> None:
        """Begin with the listing of that version, which an earlier process made; the next listing is a true one."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of one file; raises ContentError when it is gone, too large or leaves the tree."""
        ...


class FolderSource:
    """The files of a folder; symbolic links and hidden files are left out."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._digests: dict[str, tuple[tuple[int, int, int], str]] = {}
        self._recalled: tuple[str, Mapping[str, str]] = ("", {})

    def version(self) -> str:
        """A digest of every file's name, size and time of change."""
        digest = blake2b(digest_size=16)
        for path, entry in sorted(self._walk()):
            digest.update(f"{path}:{entry.st_mtime_ns}:{entry.st_size};".encode())
        return digest.hexdigest()

    def listing(self) -> Mapping[str, str]:
        """Every file's path with a digest of its bytes, read again only after a change."""
        (version, listing), self._recalled = self._recalled, ("", {})
        if version and version == self.version():
            return listing
        digests: dict[str, str] = {}
        for path, entry in self._walk():
            signature = (entry.st_mtime_ns, entry.st_size, entry.st_ino)
            known = self._digests.get(path)
            if known is None or known[0] != signature:
                try:
                    known = (signature, blake2b(self.read(path), digest_size=16).hexdigest())
                except ContentError:
                    # An unreadable file counts by its size, so that its reader reports it once per change.
                    known = (signature, f"unreadable-{entry.st_size}-{entry.st_mtime_ns}")
                self._digests[path] = known
            digests[path] = known[1]
        return digests

    def recall(self, version: str, listing: Mapping[str, str]) -> None:
        """Give this listing once where the folder still is in that state."""
        self._recalled = (version, listing)

    def read(self, path: str) -> bytes:
        """The bytes of one file below the root."""
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts:
            raise ContentError(OUTSIDE.at(path))
        full = self.root.joinpath(*parts)
        try:
            if not full.resolve().is_relative_to(self.root.resolve()) or full.is_symlink():
                raise ContentError(LINK.at(path))
            if not path.startswith(MEDIA) and full.stat().st_size > MAXIMUM_BYTES:
                size = full.stat().st_size
                raise ContentError(TOO_LARGE.at(path, what=size, most=MAXIMUM_BYTES))
            return full.read_bytes()
        except OSError as error:
            raise ContentError(UNREADABLE.at(path, error=error.strerror)) from None

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


_NOTHING = (0, b"")
# The bytes of an object's name inside a tree.
SHA_BYTES = 20


class RepositorySource:
    """The tree of a ref of a bare repository, read from its objects without a work tree.

    With an `adoption` it is the tree of the newest commit that may be adopted.
    """

    def __init__(self, path: Path, ref: Ref = MAIN, *, below: str = "", adoption: Adoption | None = None) -> None:
        self.path = path
        self.adoption = adoption
        self.ref = ref
        self._below = below
        self._repo = Repo(str(path))
        self._tree: bytes | None = None
        self._blobs: dict[str, str] = {}

    def version(self) -> str:
        """The id of the commit at the ref, or nothing before the first one.

        Raises ContentError when no commit may be adopted.
        """
        try:
            tip = self._repo.refs[self.ref].decode()
        except KeyError:
            return ""
        try:
            return self.adoption.adopted(tip) if self.adoption else tip
        except NothingAdopted as refused:
            raise ContentError(NEVER_ADOPTED.at("", error=refused)) from None

    def refusal(self) -> Problem | None:
        """Why the newest commit is not the one that is read, or nothing when it is."""
        reason = self.adoption.refusal if self.adoption else ""
        return REFUSED.at("", error=reason) if reason else None

    def stat_signature(self) -> tuple[int, ...]:
        """The times of the files that hold the ref: a change of the ref changes one of them."""
        signatures = []
        for name in (self.ref.decode(), "packed-refs"):
            try:
                status = (self.path / name).stat()
                signatures += [status.st_mtime_ns, status.st_ino]
            except FileNotFoundError:
                signatures += [0, 0]
        return tuple(signatures)

    def listing(self) -> Mapping[str, str]:
        """Every file's path with the id of its blob; only folders that differ from the last listing are looked into."""
        tree = self._tree_of(self.version())
        if tree != self._tree:
            blobs = dict(self._blobs)
            for path, blob in self._differing(self._tree, tree):
                if not path.startswith(self._below):
                    continue
                if blob:
                    blobs[path[len(self._below) :]] = blob
                else:
                    blobs.pop(path[len(self._below) :], None)
            self._tree, self._blobs = tree, blobs
        return self._blobs

    def recall(self, version: str, listing: Mapping[str, str]) -> None:
        """Begin with that listing, where its version is still in the repository."""
        try:
            tree = self._tree_of(version)
        except KeyError:
            return
        self._tree, self._blobs = tree, dict(listing)

    def read(self, path: str) -> bytes:
        """The bytes of one file of the last listing."""
        if self._tree is None:
            self.listing()
        sha = self._blobs.get(path)
        if sha is None:
            raise ContentError(NOT_IN_REPOSITORY.at(path))
        blob = self._repo[sha.encode()]
        if not isinstance(blob, Blob):
            raise ContentError(NOT_A_FILE.at(path))
        return blob.data

    def _tree_of(self, version: str) -> bytes | None:
        if not version:
            return None
        return cast(bytes, self._repo[version.encode()].tree)  # type: ignore[union-attr, attr-defined, unused-ignore]

    def _differing(self, old: bytes | None, new: bytes | None, folder: str = "") -> Iterator[tuple[str, str]]:
        """Paths of regular files that differ between two trees, each with its new blob, or "" where it is gone.

        Folders of thousands of entries are compared entry by entry without sorting them, as a general difference of
        trees would: this is most of what a reader waits for after an edit.
        """
        before, after = self._entries(old), self._entries(new)
        names = [name for name, entry in after.items() if before.get(name) != entry]
        names += [name for name in before if name not in after]
        for name in names:
            (mode_before, id_before), (mode_after, id_after) = before.get(name, _NOTHING), after.get(name, _NOTHING)
            path = folder + name.decode("utf-8", "replace")
            was_folder, is_folder = stat.S_ISDIR(mode_before), stat.S_ISDIR(mode_after)
            if was_folder or is_folder:
                inside = id_before if was_folder else None, id_after if is_folder else None
                yield from self._differing(*inside, f"{path}/")
            # Links and whatever is no file of content have no path.
            if stat.S_ISREG(mode_after):
                yield path, id_after.decode()
            elif stat.S_ISREG(mode_before):
                yield path, ""

    def _entries(self, tree: bytes | None) -> dict[bytes, tuple[int, bytes]]:
        if tree is None:
            return {}
        _kind, raw = self._repo.object_store.get_raw(ObjectID(tree))
        return {name: (mode, blob) for name, mode, blob in parse_tree(raw, SHA_BYTES)}
