"""Following the chain from its beginning and comparing every entry with the row that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.database import Base
from portal.ledger.chain import BEGINNING, END, START, content_digest, entry_digest
from portal.ledger.models import LedgerEnd, LedgerEntry

AT_ONCE = 500
MOST_FINDINGS = 20
ALTERED, MISSING, INSERTED = "altered", "missing", "inserted"


@dataclass(frozen=True)
class Source:
    """A log whose rows are chained: `key` is the column that names a row, `row` what the chain holds of it.

    `chained` says which rows of the table have an entry; None stands for all.
    """

    name: str
    table: type[Base]
    key: InstrumentedAttribute[Any]
    row: Callable[[Any], Mapping[str, object]]
    chained: ColumnElement[bool] | None = None


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: `what` happened to the row `source/key`, at a position where known."""

    what: str
    source: str
    key: str
    position: int = 0
    detail: str = ""

    def __str__(self) -> str:
        place = f" (position {self.position})" if self.position else ""
        return f"{self.source} {self.key}{place}: {self.what}{f', {self.detail}' if self.detail else ''}"


@dataclass
class Chain:
    """What following the chain found: its length, where rows of before end, its entries, what is wrong with it.

    `sound_until` is the position before the first finding that has one.
    """

    length: int = 0
    started_with: int = 0
    entries: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound_until(self) -> int:
        """The last position before which nothing is wrong."""
        return min((finding.position - 1 for finding in self.findings if finding.position), default=self.length)


def follow(session: Session, sources: Sequence[Source]) -> Chain:
    """Recompute every digest, compare every row, and look for rows without an entry and a cut end.

    Others may go on writing: what they add after this has begun is not looked at.
    """
    chain, by_name, digest = Chain(), {source.name: source for source in sources}, BEGINNING
    end = _end(session)
    for batch in _batches(session, until=end[0]):
        rows = _rows_of(session, batch, by_name)
        for entry in batch:
            chain.findings += _skipped(chain.length, entry.position)
            expected = entry_digest(digest, entry.position, entry.source, entry.key, entry.content)
            is_linked = entry.position == chain.length + 1
            if is_linked and expected != entry.digest:
                chain.findings.append(_finding(ALTERED, entry, "its entry does not follow the one before"))
            chain.findings += _compared(entry, rows.get((entry.source, entry.key)))
            if entry.source == START and entry.key.isdecimal():
                chain.started_with = int(entry.key)
            digest, chain.length = entry.digest, entry.position
            chain.entries[entry.position] = entry.source, entry.key, entry.content
            chain.digests[entry.position] = entry.digest
    chain.findings += _cut(session, chain, digest, end)
    for source in sources:
        chain.findings += _inserted(session, source)
    return chain


def _end(session: Session) -> tuple[int, str]:
    end = session.get(LedgerEnd, END, populate_existing=True)
    return (end.position, end.digest) if end else (0, BEGINNING)


def _batches(session: Session, *, until: int) -> Iterator[Sequence[LedgerEntry]]:
    last = -1
    while True:
        between = LedgerEntry.position > last, LedgerEntry.position <= until
        query = select(LedgerEntry).where(*between).order_by(LedgerEntry.position).limit(AT_ONCE)
        batch = session.scalars(query.execution_options(populate_existing=True)).all()
        if not batch:
            return
        yield batch
        last = batch[-1].position
        session.expunge_all()


def _rows_of(
    session: Session, batch: Sequence[LedgerEntry], sources: Mapping[str, Source]
) -> dict[tuple[str, str], str]:
    """The digests of the rows that these entries name, by source and key."""
    digests: dict[tuple[str, str], str] = {}
    by_source = sorted(batch, key=lambda entry: entry.source)
    for name, entries in groupby(by_source, key=lambda entry: entry.source):
        source = sources.get(name)
        if source is not None:
            keys = [entry.key for entry in entries]
            for row in session.scalars(_select(source).where(_written(source).in_(keys))):
                digests[name, str(getattr(row, source.key.key))] = content_digest(source.row(row))
    return digests


def _select(source: Source) -> Any:
    query = select(source.table)
    return query if source.chained is None else query.where(source.chained)


def _written(source: Source) -> ColumnElement[str]:
    return cast(source.key, String(80))


def _skipped(last: int, position: int) -> Iterator[Finding]:
    if position != last + 1:
        yield Finding(MISSING, "entry", str(last + 1), last + 1, f"{position - last - 1} entries are gone")


def _compared(entry: LedgerEntry, content: str | None) -> Iterator[Finding]:
    if entry.source == START:
        return
    if content is None:
        yield _finding(MISSING, entry)
    elif content != entry.content:
        yield _finding(ALTERED, entry)


def _finding(what: str, entry: LedgerEntry, detail: str = "") -> Finding:
    return Finding(what, entry.source, entry.key, entry.position, detail)


def _cut(session: Session, chain: Chain, digest: str, end: tuple[int, str]) -> Iterator[Finding]:
    position, expected = end
    # The greatest first: whoever adds an entry meanwhile moves the end with it.
    greatest = session.scalar(select(func.max(LedgerEntry.position))) or 0
    if position > chain.length:
        detail = f"the chain ends at {chain.length} and should at {position}"
        yield Finding(MISSING, "entry", str(chain.length + 1), chain.length + 1, detail)
    elif expected != digest or greatest > _end(session)[0]:
        yield Finding(ALTERED, "end", str(position), chain.length, "the end of the chain names another entry")


def _inserted(session: Session, source: Source) -> Iterator[Finding]:
    """Rows that have no entry, or share one: the chain holds each of them once."""
    entries = select(LedgerEntry.key).where(LedgerEntry.source == source.name)
    lost = _select(source).where(_written(source).not_in(entries)).order_by(source.key).limit(MOST_FINDINGS)
    for row in session.scalars(lost):
        yield Finding(INSERTED, source.name, str(getattr(row, source.key.key)), detail="it has no entry in the chain")
    twice = entries.group_by(LedgerEntry.key).having(func.count() > 1).order_by(LedgerEntry.key).limit(MOST_FINDINGS)
    for key in session.scalars(twice):
        yield Finding(INSERTED, source.name, key, detail="it has two entries in the chain")
