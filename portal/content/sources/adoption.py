"""Which commit of the served branch readers get: the newest up to which every commit is signed by a known key."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dulwich.graph import can_fast_forward
from dulwich.objects import Commit, ObjectID
from dulwich.repo import Repo

from portal.content.sources.signing import InvalidKey, Signers, SigningKey, UnsignedCommit

# Files of the instance: the last adopted commit; the public keys of before, as lines of allowed signers.
ADOPTED, FORMER_SIGNERS = "adopted", "former_signers"


class NothingAdopted(Exception):
    """The tip cannot be adopted, and no commit was adopted before."""


class Adoption:
    """The last adopted commit of a repository, kept in the file `record`, and the way to the next one.

    A tip follows when it descends from the last adopted commit and each commit between them is signed by one of the
    `signers`. The first tip of an instance needs a signature of its own only: it names all that came before.
    """

    def __init__(self, path: Path, record: Path, signers: Signers) -> None:
        self._path = path
        self._record = record
        self._signers = signers
        self._repo: Repo | None = None
        self._lock = threading.Lock()
        self._verified = ""
        # Why the tip is not served, for health; empty when it is.
        self.refusal = ""

    def adopted(self, tip: str) -> str:
        """The commit to serve while the branch names `tip`; raises NothingAdopted when there is none."""
        try:
            self.check(tip)
        except UnsignedCommit as refused:
            self.refusal = f"{refused}; readers see the last good version"
            last = self.last()
            if not last:
                raise NothingAdopted(str(refused)) from None
            return last
        self.refusal = ""
        if self.last() != tip:
            adopt(self._record, tip)
        return tip

    def check(self, tip: str) -> None:
        """Raise UnsignedCommit, which names the commit, unless the tip may follow the last adopted commit."""
        with self._lock:
            last = self.last()
            if tip and tip not in (self._verified, last):
                self._check(tip, last)
                self._verified = tip

    def last(self) -> str:
        """The last adopted commit, or nothing."""
        try:
            return self._record.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _check(self, tip: str, last: str) -> None:
        is_reached = False
        for commit in self._new_commits(tip, last):
            is_reached = is_reached or last.encode() in commit.parents
            self._signers.check(commit, datetime.fromtimestamp(commit.commit_time, UTC))
            if not last:
                return
        if last and not is_reached:
            raise UnsignedCommit(f"commit {tip[:12]} does not descend from the adopted {last[:12]}")

    def _new_commits(self, tip: str, last: str) -> Iterator[Commit]:
        """The commits that the tip has and the last adopted one has not; the first of them is the tip."""
        repo = self._opened()
        pending, seen = [ObjectID(tip.encode())], {ObjectID(last.encode())}
        while pending:
            id_ = pending.pop()
            if id_ in seen:
                continue
            seen.add(id_)
            commit = repo[id_]
            if not isinstance(commit, Commit):
                raise UnsignedCommit(f"{id_.decode()[:12]} is no commit")
            if last and id_ != tip.encode() and can_fast_forward(repo, id_, ObjectID(last.encode())):
                continue
            yield commit
            pending += commit.parents

    def _opened(self) -> Repo:
        if self._repo is None:
            self._repo = Repo(str(self._path))
        return self._repo


def adopt(record: Path, commit: str) -> None:
    """Write the last adopted commit of an instance in one step."""
    fresh = record.with_name(f"{record.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.write_text(f"{commit}\n", encoding="ascii")
    fresh.replace(record)


def known_signers(named: str, key: SigningKey, former: Path) -> Signers:
    """The keys that are named, the instance's own where it has one, and its own of before; raises InvalidKey."""
    allowed = Signers.read(named).allowed if named else ()
    lines = [key.line] if key.path.exists() else []
    if former.exists():
        lines += former.read_text(encoding="utf-8").splitlines()
    own = Signers.of_lines(lines).allowed if any(line.strip() for line in lines) else ()
    if not allowed and not own:
        raise InvalidKey("there is no key in the list of signers")
    return Signers((*allowed, *own))
