"""A checkpoint: a signed commit of the branch `audit` with the end of the chain and the entries since the last one.

`checkpoint.json` holds time, position and digest of the last entry, and the commit that readers saw. The entries stand
in `entries/<position>.txt`, one a line: position, source, key and the digest of the row. So a checkpoint shows which
row was changed even when somebody computed the whole chain anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec
from dulwich.objects import Commit
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.content.sources.repository import AUDIT, ContentRepository, Person
from portal.content.sources.signing import Signers, UnsignedCommit
from portal.ledger.chain import END
from portal.ledger.models import LedgerEnd, LedgerEntry

FILE, ENTRIES = "checkpoint.json", "entries/"
SIGNER = Person("Portal", "")
Entry = tuple[str, str, str]


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The end of the chain at a time, and the commit of `main` that readers saw then."""

    at: datetime
    position: int
    digest: str
    main: str


class InvalidCheckpoint(Exception):
    """A commit of the branch is no checkpoint, or does not follow the one before; the message says why."""


def add_checkpoint(repository: ContentRepository, session: Session, *, now: datetime) -> str:
    """Commit the end of the chain; gives the id of the commit, empty while nothing is chained.

    `repository` signs its commits. Raises what `ContentRepository.save` raises.
    """
    session.rollback()
    end = session.get(LedgerEnd, END)
    if end is None:
        return ""
    head = repository.head(AUDIT)
    since = _read(repository, head).position if head else 0
    between = LedgerEntry.position > since, LedgerEntry.position <= end.position
    entries = session.scalars(select(LedgerEntry).where(*between).order_by(LedgerEntry.position))
    lines = "".join(f"{one.position} {one.source} {one.key} {one.content}\n" for one in entries)
    made = Checkpoint(at=now.astimezone(UTC), position=end.position, digest=end.digest, main=repository.head())
    session.rollback()
    changes: dict[str, bytes | None] = {FILE: msgspec.json.format(msgspec.json.encode(made)) + b"\n"}
    if lines:
        changes[f"{ENTRIES}{made.position:012d}.txt"] = lines.encode()
    message = f"Log of actions up to entry {made.position}"
    return repository.save(changes, author=SIGNER, message=message, at=now, expected=head, ref=AUDIT)


def checkpoints(
    repository: ContentRepository, signers: Signers, ids: Sequence[str]
) -> Iterator[tuple[str, Checkpoint, dict[int, Entry]]]:
    """The checkpoints, the oldest first: commit, end of the chain, entries by position.

    `ids` are the commits of the branch as `ContentRepository.ids` gives them.

    Raises InvalidCheckpoint at the first that is not signed by a known key or does not follow the one before.
    """
    before, position = "", 0
    for id_ in reversed(ids):
        commit = repository.commit(id_)
        try:
            signers.check(commit, datetime.fromtimestamp(commit.commit_time, UTC))
        except UnsignedCommit as refused:
            raise InvalidCheckpoint(str(refused)) from None
        _check_parent(commit, before)
        made = _read(repository, id_)
        entries = _entries(repository.read(id_, f"{ENTRIES}{made.position:012d}.txt") or b"", id_)
        if list(entries) != list(range(position + 1, made.position + 1)):
            raise InvalidCheckpoint(f"checkpoint {id_[:12]} does not go on where the one before ended")
        yield id_, made, entries
        before, position = id_, made.position


def _check_parent(commit: Commit, before: str) -> None:
    if [parent.decode() for parent in commit.parents] != ([before] if before else []):
        raise InvalidCheckpoint(f"checkpoint {commit.id.decode()[:12]} does not follow the one before")


def _read(repository: ContentRepository, id_: str) -> Checkpoint:
    try:
        return msgspec.json.decode(repository.read(id_, FILE) or b"", type=Checkpoint)
    except msgspec.DecodeError:
        raise InvalidCheckpoint(f"commit {id_[:12]} holds no checkpoint") from None


def _entries(data: bytes, id_: str) -> dict[int, Entry]:
    try:
        lines = [line.split(" ") for line in data.decode().splitlines()]
        return {int(position): (source, key, content) for position, source, key, content in lines}
    except ValueError:
        raise InvalidCheckpoint(f"the entries of checkpoint {id_[:12]} cannot be read") from None
