"""The history of every page, told by git's own log: who, when, why, and the texts of then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.content.sources.repository import ContentRepository, Revision
from portal.database import transactional
from portal.drafts.workflow import SelfApproval, lock
from portal.publishing.edits import CO_AUTHOR, TRAILER
from portal.publishing.models import DONE, Publication
from portal.publishing.publisher import Publisher

SHOWN = 20
_TRAILER = re.compile(r"^(Approved-by|Co-authored-by|Revision): (.*)$", re.M)


@dataclass(frozen=True)
class Entry:
    """One published change of a page: who wrote it (`author` names all), who approved it, when and why."""

    commit: str
    author: str
    at: datetime
    reason: str
    approved_by: str
    revision: str


@dataclass(frozen=True)
class State:
    """The texts of a page after one of its changes, and before it."""

    entry: Entry
    texts: dict[str, str]
    before: dict[str, str]


def entries(repository: ContentRepository, key: str, *, limit: int = SHOWN, skip: int = 0) -> Sequence[Entry]:
    """The newest changes of a page (`kind/slug`) or of one file."""
    return [entry_of(revision) for revision in repository.history(key, limit=limit, skip=skip)]


def entry_of(revision: Revision) -> Entry:
    """A commit as people read it: the reason without the page's name and the trailers."""
    pairs = _TRAILER.findall(revision.message)
    trailers = dict(pairs)
    others = [value.rpartition(" <")[0] or value for name, value in pairs if name == CO_AUTHOR]
    reason = _TRAILER.sub("", revision.message).strip()
    return Entry(
        revision.id,
        ", ".join(dict.fromkeys([revision.author, *others])),
        revision.at,
        reason,
        trailers.get("Approved-by", ""),
        trailers.get(TRAILER, ""),
    )


def state(publisher: Publisher, repository: ContentRepository, key: str, commit: str) -> State | None:
    """The page after that commit and before it; nothing when the commit is none of the served branch."""
    revision = repository.revision(commit)
    if revision is None:
        return None
    texts = publisher.page(repository, commit, key).visible_texts(revision.at)
    parent = repository.parent(commit)
    before = publisher.page(repository, parent, key).visible_texts(revision.at) if parent else {}
    return State(entry_of(revision), texts, before)


def texts_now(publisher: Publisher, repository: ContentRepository, key: str, *, now: datetime) -> dict[str, str]:
    """The texts of a page that readers see now."""
    return publisher.page(repository, repository.head(), key).visible_texts(now)


def latest_publications(session: Session, *, limit: int) -> Sequence[Publication]:
    """The publications of all pages, the newest first."""
    return session.scalars(select(Publication).order_by(Publication.started_at.desc()).limit(limit)).all()


def to_read_afterwards(session: Session) -> Sequence[Publication]:
    """What went out at once and nobody else has read since, the oldest first."""
    waiting = Publication.unread.is_(True), Publication.reader == "", Publication.state == DONE
    return session.scalars(select(Publication).where(*waiting).order_by(Publication.started_at)).all()


@transactional
def read_afterwards(session: Session, revision: str, *, by: str) -> Publication:
    """Note who has read a publication that went out at once; somebody who read it before stays noted.

    Raises KeyError when there is none, SelfApproval when that person published it.
    """
    publication = lock(session, Publication, revision)
    if not publication.unread or publication.state != DONE:
        raise KeyError(revision)
    if publication.author == by:
        raise SelfApproval(revision)
    publication.reader = publication.reader or by
    return publication
