"""The content's bare git repository: each published state is a commit, set as the ref by compare-and-swap.

Writers of one machine take turns by `writing.lock`. The branch `main` is what readers see, `shipped` what the project
ships. Readers of the history use git itself, which knows the commit-graph.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from dulwich.errors import NotTreeError
from dulwich.file import FileLocked
from dulwich.graph import find_merge_base
from dulwich.merge import three_way_merge
from dulwich.object_store import commit_tree_changes
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from portal.content.sources.signing import SigningKey
from portal.content.sources.source import MAIN

T = TypeVar("T")

SHIPPED = Ref(b"refs/heads/shipped")
# Checkpoints of the log of actions, and the newest of them that the other copy has.
AUDIT, AUDIT_COPIED = Ref(b"refs/heads/audit"), Ref(b"refs/portal/audit-copied")
FILE_MODE = stat.S_IFREG | 0o644
GIT_SECONDS = 30
# The usual filters of commits that change one or two files are so small that git reads one commit in eight in vain;
# a git that does not know the variable makes the usual ones.
FINER_FILTERS = {"GIT_TEST_BLOOM_SETTINGS_BITS_PER_ENTRY": "40"}
# A lock of the ref that is older belongs to a process that was killed: no writer holds it for so long.
STALE_SECONDS = 5.0


class RefMoved(Exception):
    """Somebody else published since the edit was opened: the ref no longer names the expected commit."""


class RepositoryBusy(Exception):
    """Another program holds the lock of the ref; trying again in a moment helps."""


class MergeConflict(Exception):
    """Shipped content and the office's own edits change the same lines; carries the paths."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(f"changed on both sides: {', '.join(paths)}")
        self.paths = paths


@dataclass(frozen=True)
class Person:
    """Who stands as author in the history."""

    name: str
    email: str

    def line(self) -> bytes:
        """The person as an author line of git, without the characters that would end it."""
        name, email = (part.translate({ord(sign): None for sign in "<>\n\r\0"}) for part in (self.name, self.email))
        return f"{name.strip() or 'unknown'} <{email.strip()}>".encode()


@dataclass(frozen=True)
class Revision:
    """One commit that touched a path: its id, author, time and message."""

    id: str
    author: str
    email: str
    at: datetime
    message: str


class ContentRepository:
    """Writes and reads the bare repository at `path`; one desk node writes, guarded by compare-and-swap.

    A `durable` one brings every object to the disk before the ref names it. With a `key` every commit is signed.
    """

    def __init__(self, path: Path, *, durable: bool = False, key: SigningKey | None = None) -> None:
        self.path = path
        self._key = key
        self._repo = Repo(str(path))
        self._repo.object_store.fsync_object_files = durable

    def close(self) -> None:
        """Let go of the files that the repository holds open."""
        self._repo.close()

    @classmethod
    def create(cls, path: Path, *, key: SigningKey | None = None) -> ContentRepository:
        """A new, empty repository in which git never starts work of its own behind a publish."""
        path.mkdir(parents=True)
        repo = Repo.init_bare(str(path), default_branch=b"main")
        config = repo.get_config()
        config.set(b"gc", b"auto", b"0")
        config.set(b"core", b"fsync", b"committed")
        config.write_to_path()
        repo.close()
        return cls(path, key=key)

    def head(self, ref: Ref = MAIN) -> str:
        """The id of the commit at the ref; empty when there is none."""
        return self._repo.refs[ref].decode() if ref in self._repo.refs else ""

    def save(
        self,
        changes: Mapping[str, bytes | None],
        *,
        author: Person,
        message: str,
        at: datetime,
        expected: str,
        ref: Ref = MAIN,
        committer: Person | None = None,
    ) -> str:
        """Commit the changes (nothing deletes a path) onto `expected` and move the ref; gives the new commit's id.

        Raises RefMoved when the ref no longer names `expected`, RepositoryBusy when another program holds it and
        OSError when the disk refuses; then nothing is published.
        """
        with self._write_lock():
            return self._save(
                changes, author=author, message=message, at=at, expected=expected, ref=ref, committer=committer
            )

    def _save(
        self,
        changes: Mapping[str, bytes | None],
        *,
        author: Person,
        message: str,
        at: datetime,
        expected: str,
        ref: Ref,
        committer: Person | None,
    ) -> str:
        base = self.commit(expected).tree if expected else self._add_object(Tree())
        tree_changes = [
            (path.encode(), None, None)
            if data is None
            else (path.encode(), FILE_MODE, self._add_object(Blob.from_string(data)))
            for path, data in changes.items()
        ]
        tree = _without_stale_locks(lambda: commit_tree_changes(self._repo.object_store, base, tree_changes))
        parents = [expected] if expected else []
        commit = self._commit_object(tree, parents=parents, author=author, message=message, at=at, committer=committer)
        self._compare_and_swap(ref, expected, commit)
        return commit

    def ship(self, files: Mapping[str, bytes], *, author: Person, message: str, at: datetime) -> bool:
        """Record the files as the whole state of the branch `shipped`; says whether it differed from the last."""
        before = self.head(SHIPPED)
        known = self.files(before) if before else {}
        changes: dict[str, bytes | None] = {path: None for path in known if path not in files}
        changes |= {p: data for p, data in files.items() if known.get(p) != Blob.from_string(data).id.decode()}
        if not changes:
            return False
        self.save(changes, author=author, message=message, at=at, expected=before, ref=SHIPPED)
        return True

    def merge_shipped(self, *, author: Person, message: str, at: datetime) -> str:
        """Bring `shipped` into `main`; gives main's commit. Raises MergeConflict and leaves main alone."""
        with self._write_lock():
            return self._merge_shipped(author=author, message=message, at=at)

    def _merge_shipped(self, *, author: Person, message: str, at: datetime) -> str:
        ours, theirs = self.head(MAIN), self.head(SHIPPED)
        if not ours:
            self._compare_and_swap(MAIN, "", theirs)
            return theirs
        bases = find_merge_base(self._repo, [ObjectID(ours.encode()), ObjectID(theirs.encode())])
        if theirs.encode() in bases:
            return ours
        if ours.encode() in bases:
            self._compare_and_swap(MAIN, ours, theirs)
            return theirs
        base = self.commit(bases[0].decode()) if bases else None
        sides = self.commit(ours), self.commit(theirs)
        tree, conflicts = _without_stale_locks(lambda: three_way_merge(self._repo.object_store, base, *sides))
        if conflicts:
            raise MergeConflict([path.decode("utf-8", "replace") for path in conflicts])
        commit = self._commit_object(
            self._add_object(tree), parents=[ours, theirs], author=author, message=message, at=at
        )
        self._compare_and_swap(MAIN, ours, commit)
        return commit

    def files(self, commit: str) -> dict[str, str]:
        """Every path of a commit with the id of its blob."""
        return self._blobs_below(self._commit_tree(commit))

    def _blobs_below(self, top: Tree) -> dict[str, str]:
        paths: dict[str, str] = {}
        pending = [("", top.id)]
        while pending:
            prefix, sha = pending.pop()
            tree = self._repo[sha]
            if isinstance(tree, Tree):
                for entry in tree.iteritems():
                    path = prefix + (entry.path or b"").decode("utf-8", "replace")
                    if stat.S_ISDIR(entry.mode or 0):
                        pending.append((f"{path}/", entry.sha))
                    else:
                        paths[path] = entry.sha.decode()
        return paths

    def read(self, commit: str, path: str) -> bytes | None:
        """The bytes of a path in a commit, or nothing when it was not there."""
        try:
            _mode, sha = self._commit_tree(commit).lookup_path(self._repo.__getitem__, path.encode())
        except KeyError:
            return None
        blob = self._repo[sha]
        return blob.data if isinstance(blob, Blob) else None

    def read_folder(self, commit: str, folder: str) -> dict[str, bytes]:
        """Every file below a folder in a commit, by its path below that folder; empty when there is none."""
        try:
            _mode, sha = self._commit_tree(commit).lookup_path(self._repo.__getitem__, folder.encode())
        except (KeyError, NotTreeError):
            return {}
        tree = self._repo[sha]
        if not isinstance(tree, Tree):
            return {}
        objects = {path: self._repo[ObjectID(blob.encode())] for path, blob in self._blobs_below(tree).items()}
        return {path: blob.data for path, blob in objects.items() if isinstance(blob, Blob)}

    def commit_of(self, trailer: str) -> str:
        """The newest commit of main whose message holds that line, such as `Revision: …`; empty when there is none."""
        if not self.head():
            return ""
        pattern = f"^{trailer}$"
        return self._git("log", "--max-count=1", "--format=%H", f"--grep={pattern}", "refs/heads/main").strip()

    def revision(self, commit: str) -> Revision | None:
        """One commit by its full id, when main holds it."""
        if not _FULL_ID.fullmatch(commit):
            return None
        try:
            ours = self._git("merge-base", "--is-ancestor", commit, "refs/heads/main") == ""
            records = self._git("log", "--max-count=1", _FORMAT, commit).split("\x1e")[1:] if ours else []
        except subprocess.CalledProcessError:
            return None
        return _revision(records[0]) if records else None

    def parent(self, commit: str) -> str:
        """The commit before that one (the first, where two were merged); empty before the beginning."""
        parents = self.commit(commit).parents
        return parents[0].decode() if parents else ""

    def history(self, path: str, *, limit: int = 20, skip: int = 0) -> list[Revision]:
        """The newest revisions of a path on main, by git's own log, which uses the commit-graph."""
        if not self.head():
            return []
        arguments = ["log", _FORMAT, f"--max-count={limit}", f"--skip={skip}", "refs/heads/main", "--", path]
        records = self._git(*arguments).split("\x1e")[1:]
        return [_revision(record) for record in records]

    def index_history(self) -> None:
        """Write the commit-graph with changed paths, which keeps the log of one path fast for years."""
        self._git("commit-graph", "write", "--reachable", "--changed-paths", **FINER_FILTERS)

    def is_sound(self) -> bool:
        """Whether every object that main needs is there and whole."""
        try:
            self._git("fsck", "--connectivity-only", "--no-dangling")
        except subprocess.CalledProcessError:
            return False
        return True

    def push(self, remote: str) -> None:
        """Send main, shipped and audit to the remote; raises CalledProcessError or TimeoutExpired when it refuses."""
        audit = self.head(AUDIT)
        self._git("push", "--quiet", "--", remote, *(ref.decode() for ref in (MAIN, SHIPPED, AUDIT) if self.head(ref)))
        if audit:
            self._repo.refs[AUDIT_COPIED] = ObjectID(audit.encode())

    def remote_head(self, remote: str, ref: Ref) -> str:
        """The commit of a ref of the remote, empty when it has none; raises what `push` raises."""
        return self._git("ls-remote", "--", remote, ref.decode()).partition("\t")[0]

    def ids(self, ref: Ref) -> list[str]:
        """The ids of all commits that the ref reaches, the newest first."""
        return self._git("rev-list", ref.decode()).split() if self.head(ref) else []

    def _git(self, *arguments: str, **variables: str) -> str:
        environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **variables}
        environment.pop("GIT_DIR", None)
        command = ["git", "-C", str(self.path), *arguments]
        # A fixed command, with arguments that cannot be options.
        process = subprocess.run(command, check=True, capture_output=True, timeout=GIT_SECONDS, env=environment)  # noqa: S603
        return process.stdout.decode("utf-8", "replace")

    def commit(self, id_: str) -> Commit:
        """The commit of that id; raises KeyError when there is none."""
        commit = self._repo[ObjectID(id_.encode())]
        if not isinstance(commit, Commit):
            raise KeyError(id_)
        return commit

    def _commit_tree(self, id_: str) -> Tree:
        tree = self._repo[self.commit(id_).tree]
        if not isinstance(tree, Tree):
            raise KeyError(id_)
        return tree

    @contextmanager
    def _write_lock(self) -> Iterator[None]:
        # One writer of this machine at a time, so that a lock found on an object is one that a kill left behind.
        with (self.path / "writing.lock").open("a") as lock_file:
            fcntl.flock(lock_file, fcntl.LOCK_EX)
            yield

    def _add_object(self, git_object: Blob | Tree | Commit) -> ObjectID:
        _without_stale_locks(lambda: self._repo.object_store.add_object(git_object))
        return git_object.id

    def _commit_object(
        self,
        tree: ObjectID,
        *,
        parents: list[str],
        author: Person,
        message: str,
        at: datetime,
        committer: Person | None = None,
    ) -> str:
        commit = Commit()
        commit.tree = tree
        commit.parents = [ObjectID(parent.encode()) for parent in parents]
        commit.author, commit.committer = author.line(), (committer or author).line()
        moment = at.astimezone(UTC)
        commit.author_time = commit.commit_time = int(moment.timestamp())
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = message.replace("\0", "").encode()
        if self._key is not None:
            commit.gpgsig = self._key.sign(commit.as_raw_string())
        return self._add_object(commit).decode()

    def _compare_and_swap(self, ref: Ref, expected: str, commit: str) -> None:
        try:
            self._update_ref(ref, expected, commit)
        except FileLocked as error:
            lock = Path(os.fsdecode(error.lockfilename))
            if not self._is_stale(lock):
                raise RepositoryBusy(f"{ref.decode()} is locked by another program") from None
            lock.unlink(missing_ok=True)
            self._update_ref(ref, expected, commit)

    def _is_stale(self, lock: Path) -> bool:
        # Both times come from the file system, whose clock need not be the machine's.
        lock_file = self.path / "writing.lock"
        lock_file.touch()
        try:
            return lock_file.stat().st_mtime - lock.stat().st_mtime > STALE_SECONDS
        except FileNotFoundError:
            return True

    def _update_ref(self, ref: Ref, expected: str, commit: str) -> None:
        refs = self._repo.refs
        new = ObjectID(commit.encode())
        swapped = refs.set_if_equals(ref, ObjectID(expected.encode()), new) if expected else refs.add_if_new(ref, new)
        if not swapped:
            raise RefMoved(f"{ref.decode()} no longer names {expected or 'nothing'}")


def _without_stale_locks(write: Callable[[], T]) -> T:
    """What `write` gives; inside the write lock, every lock of an object is one that a kill or a full disk left."""
    while True:
        try:
            return write()
        except FileLocked as error:
            Path(os.fsdecode(error.lockfilename)).unlink()


_FULL_ID = re.compile("[0-9a-f]{40}")
_FORMAT = "--format=%x1e%H%x1f%an%x1f%ae%x1f%aI%x1f%B"


def _revision(record: str) -> Revision:
    id_, author, email, at, message = record.split("\x1f", 4)
    return Revision(id_, author, email, datetime.fromisoformat(at), message.strip())
