"""The whole log against its chain, the chain against its checkpoints, publications against the commits of `main`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import AuditEntry
from portal.content.sources.repository import AUDIT, ContentRepository
from portal.content.sources.signing import Signers
from portal.content.sources.source import MAIN
from portal.ledger.verification import ALTERED, INSERTED, MISSING, MOST_FINDINGS, Chain, Finding, follow
from portal.publishing.checkpoints.checkpoint import Checkpoint, Entry, InvalidCheckpoint, checkpoints
from portal.publishing.models import BEGUN, DONE, ENDED, Publication

SOURCES = (audit.LEDGER_SOURCE, BEGUN, ENDED)
# The action of the row that a checkpoint leaves in the log; its subject is the commit.
CHECKPOINT = "audit.checkpoint"


@dataclass
class Report:
    """What a verification found: the first finding first.

    `length` is the number of chained entries, `started_with` how many of them are of rows from before the chain, `made`
    the number of checkpoints, and `proved` the last of them that agrees with everything before it.
    """

    length: int
    started_with: int
    made: int = 0
    proved: Checkpoint | None = None
    findings: list[Finding] = field(default_factory=list)


def verify(session: Session, repository: ContentRepository | None, signers: Signers | None) -> Report:
    """Verify everything that can be verified here; without a repository the chain alone."""
    session.rollback()
    # Each is read before what must hold it, so that what others write meanwhile is not missed there.
    marks, done = _marks(session), _done(session)
    session.rollback()
    made = repository.ids(AUDIT) if repository else []
    main = set(repository.ids(MAIN)) if repository else set()
    chain = follow(session, SOURCES)
    report = Report(chain.length, chain.started_with, findings=list(chain.findings))
    if repository is not None and signers is not None:
        report.findings += _lost_commits(done, chain, main)
        _against_checkpoints(report, chain, checkpoints(repository, signers, made), main)
        report.findings += _lost_checkpoints(marks, chain, made)
    session.rollback()
    # What has no position in the chain comes last; the order of the rest is theirs in the chain.
    report.findings.sort(key=lambda finding: finding.position or chain.length + 1)
    report.findings = list(dict.fromkeys(report.findings))[:MOST_FINDINGS]
    return report


def _against_checkpoints(
    report: Report, chain: Chain, made: Iterator[tuple[str, Checkpoint, dict[int, Entry]]], main: Collection[str]
) -> None:
    present = {(source, key) for source, key, _content in chain.entries.values()}
    last = 0
    try:
        for id_, checkpoint, entries in made:
            report.made, last = report.made + 1, checkpoint.position
            differing = list(_differing(chain, entries, present))
            if not differing and chain.digests.get(checkpoint.position) != checkpoint.digest:
                detail = "its entry has another digest than the checkpoint"
                differing.append(Finding(ALTERED, "entry", str(checkpoint.position), checkpoint.position, detail))
            if checkpoint.main and checkpoint.main not in main:
                detail = f"`main` no longer holds commit {checkpoint.main[:12]}, which readers saw then"
                differing.append(Finding(MISSING, "checkpoint", id_[:12], checkpoint.position, detail))
            report.findings += differing
            if not differing and checkpoint.position <= chain.sound_until:
                report.proved = checkpoint
    except InvalidCheckpoint as invalid:
        report.findings.append(Finding(ALTERED, "checkpoint", str(report.made + 1), last + 1, str(invalid)))


def _differing(chain: Chain, entries: dict[int, Entry], present: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """The first entry that is not as the checkpoint holds it: after it everything else moved."""
    for position, (source, key, content) in entries.items():
        now = chain.entries.get(position)
        if now == (source, key, content):
            continue
        if now is not None and now[:2] == (source, key):
            yield Finding(ALTERED, source, key, position, "a checkpoint holds another digest")
        elif now is not None and (source, key) in present:
            yield Finding(INSERTED, now[0], now[1], position, f"a checkpoint has {source} {key} in its place")
        else:
            yield Finding(MISSING, source, key, position, "a checkpoint holds it")
        return


def _marks(session: Session) -> list[tuple[int, str]]:
    """The rows that checkpoints left in the log, with their commits."""
    rows = session.scalars(select(AuditEntry).where(AuditEntry.action == CHECKPOINT).order_by(AuditEntry.id))
    return [(row.id, row.subject) for row in rows]


def _done(session: Session) -> list[tuple[str, str]]:
    """The publications that are out, with their commits."""
    rows = session.scalars(select(Publication).where(Publication.state == DONE))
    return [(row.revision, row.commit or "") for row in rows]


def _lost_checkpoints(marks: list[tuple[int, str]], chain: Chain, made: Collection[str]) -> Iterator[Finding]:
    positions = _positions(chain, audit.LEDGER_SOURCE.name)
    for row, commit in marks:
        if commit not in made:
            detail = f"the log says that it was made (audit {row})"
            yield Finding(MISSING, "checkpoint", commit[:12], positions.get(str(row), 0), detail)


def _lost_commits(done: list[tuple[str, str]], chain: Chain, main: Collection[str]) -> Iterator[Finding]:
    positions = _positions(chain, ENDED.name)
    for revision, commit in done:
        if commit not in main:
            detail = f"`main` no longer holds its commit {commit[:12]}"
            yield Finding(MISSING, "publication", revision, positions.get(revision, 0), detail)


def _positions(chain: Chain, wanted: str) -> dict[str, int]:
    return {key: position for position, (source, key, _content) in chain.entries.items() if source == wanted}
