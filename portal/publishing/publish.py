"""Publishing: one commit in the name of its author, swapped into the served branch, and never half of it.

In order: the lock of the machine (`publishing.lock` in the repository) is taken; the files of the change, and the
content with them, are read and checked without a transaction (`prepared`); the row of the publication is written and
its draft becomes `publishing` (`_begin`); the commit is made if the branch still stands where it was read, else all is
prepared anew; the workers are told; the row becomes `done` and its draft `published`, `scheduled` or `withdrawn`
(`finish`). The commit carries the row's revision as a trailer, by which `reconcile` finds out what a crash left.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.content.problems import ContentError, ProblemKind
from portal.content.sources.repository import ContentRepository, RefMoved, RepositoryBusy
from portal.content.sources.signing import InvalidKey, UnsignedCommit
from portal.content_forms.document_form import mapping_of
from portal.database import transactional
from portal.drafts.models import PUBLISHING, WITHDRAWN, Draft
from portal.drafts.workflow import IllegalTransition, can, is_approval_valid, lock, move
from portal.ledger.chain import append
from portal.publishing.candidate import data_of
from portal.publishing.edits import Edit, EditConflict, NotReady, NotWritten, message_of
from portal.publishing.models import BEGUN, DONE, ENDED, FAILED, Publication
from portal.publishing.publisher import Publisher
from portal.publishing.scheduled import FACTS, pages_of

ATTEMPTS = 20
# No part of a path begins with a dot, so none leads out of the content.
SOUND_PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\Z")

log = logging.getLogger("portal.editing")

NO_CONTENT_FILE = ProblemKind("schema", "is no name of a content file")


def publish(publisher: Publisher, session: Session, edit: Edit, *, now: datetime) -> Publication:
    """Publish the change; gives the row that tells of it.

    Raises ContentError when the site would not be whole with it, EditConflict, ScheduleConflict or PastTime,
    NotReady for a draft that nobody approved, NotWritten when the machine refuses. Then nothing was published.
    The session is rolled back first and holds no transaction while the commit is made.
    """
    session.rollback()
    with publisher.publish_lock():
        repository = publisher.repository()
        try:
            return _published(publisher, session, edit, repository=repository, now=now)
        except OperationalError as refused:
            raise NotWritten(str(refused.orig)) from refused
        finally:
            repository.close()


def _published(
    publisher: Publisher, session: Session, edit: Edit, *, repository: ContentRepository, now: datetime
) -> Publication:
    head, changes = prepared(publisher, edit, repository, now=now)
    publication = _begin(session, edit, sorted(changes), now=now)
    try:
        commit = _commit(publisher, edit, repository, head=head, changes=changes, now=now)
    except BaseException as refused:
        _give_up(session, publication.revision, now=now)
        if isinstance(refused, (OSError, RepositoryBusy, InvalidKey)):
            raise NotWritten(str(refused)) from refused
        raise
    publisher.generations.bump_content()
    try:
        return finish(session, publication.revision, commit=commit, now=now)
    except OperationalError:
        # The page is out. The row is put right by its trailer as soon as the database takes it.
        log.exception("publication %s is out, but not marked as done", publication.revision)
        session.rollback()
        return publication


def prepared(
    publisher: Publisher, edit: Edit, repository: ContentRepository, *, now: datetime
) -> tuple[str, dict[str, bytes | None]]:
    """The commit that the change goes onto and its files; raises what `publish` raises before it writes."""
    for _attempt in range(ATTEMPTS):
        head = repository.head()
        _check_signatures(publisher, head)
        changes = _files(publisher, edit, repository, head=head, now=now)
        before = publisher.served()
        candidate = publisher.candidates.read(changes, served=before)
        if candidate.base != head:
            continue
        today = now.astimezone(publisher.zone).date()
        errors = publisher.examiner.errors(candidate.catalogue, before, today=today)
        if errors:
            raise ContentError(*errors)
        return head, changes
    raise NotWritten("others publish all the time")


def _check_signatures(publisher: Publisher, head: str) -> None:
    try:
        if publisher.adoption is not None:
            publisher.adoption.check(head)
    except UnsignedCommit as refused:
        raise NotWritten(str(refused)) from refused


def _files(
    publisher: Publisher, edit: Edit, repository: ContentRepository, *, head: str, now: datetime
) -> dict[str, bytes | None]:
    """Every file that the change writes, once nobody else has changed what it was made from."""
    pages = pages_of([*edit.changes, *edit.seen])
    conflicts: list[str] = []
    files: dict[str, str | bytes | None] = {path: text for path, text in edit.changes.items() if not pages_of([path])}
    for key, names in pages.items():
        page = publisher.page(repository, head, key)
        readers_see = page.visible_texts(now)
        seen = {name: edit.seen[f"{key}/{name}"] for name in names if f"{key}/{name}" in edit.seen}
        conflicts += [f"{key}/{name}" for name, text in seen.items() if not is_same(readers_see.get(name), text)]
        changed = {name: edit.changes[f"{key}/{name}"] for name in names if f"{key}/{name}" in edit.changes}
        texts = {name: text.decode() if isinstance(text, bytes) else text for name, text in changed.items()}
        if texts and not conflicts:
            files |= page.schedule(texts, at=edit.at, now=now) if edit.at else page.apply(texts, now=now)
    for path, text in edit.seen.items():
        if not pages_of([path]) and repository.read(head, path) != data_of(text):
            conflicts.append(path)
    if conflicts:
        raise EditConflict(sorted(conflicts))
    for folder in edit.cancels:
        key, _next, written = folder.rpartition("/next/")
        files |= publisher.page(repository, head, key).cancel(written)
    stray = [path for path in files if not SOUND_PATH.match(path)]
    if stray:
        raise ContentError(*(NO_CONTENT_FILE.at(path) for path in stray))
    return {path: data_of(text) for path, text in files.items()}


@transactional
def _begin(session: Session, edit: Edit, paths: list[str], *, now: datetime) -> Publication:
    """Write the row of the publication and take its draft along; raises NotReady when that is not what was approved."""
    if edit.draft is not None:
        _begin_draft(session, edit.draft, edit)
    publication = Publication(
        revision=edit.revision,
        draft=edit.draft,
        author=edit.author,
        reason=edit.reason[:500],
        paths=paths,
        state=PUBLISHING,
        started_at=now,
        unread=edit.unread,
    )
    session.add(publication)
    append(session, BEGUN.name, publication.revision, BEGUN.row(publication))
    return publication


def _begin_draft(session: Session, id_: str, edit: Edit) -> None:
    try:
        draft = lock(session, Draft, id_)
        is_unread = edit.is_bypass and bool(draft.bypass_reason) and can(draft, "publish-unread")
        move(draft, "publish-unread" if is_unread else "publish")
    except (KeyError, IllegalTransition) as refused:
        raise NotReady(id_) from refused
    is_other_version = edit.version is not None and draft.version != edit.version
    if is_other_version or not (is_unread or is_approval_valid(draft)):
        raise NotReady(id_)
    draft.revision, draft.publish_at = edit.revision, edit.at


def _commit(
    publisher: Publisher,
    edit: Edit,
    repository: ContentRepository,
    *,
    head: str,
    changes: Mapping[str, bytes | None],
    now: datetime,
) -> str:
    for _attempt in range(ATTEMPTS):
        try:
            return repository.save(
                changes,
                author=edit.person,
                committer=edit.committer,
                message=message_of(edit),
                at=now,
                expected=head,
            )
        except RefMoved:
            # A push or an update moved the ref: the change goes on only if the same pages stand as they were seen.
            head, changes = prepared(publisher, edit, repository, now=now)
    raise RepositoryBusy("others publish all the time")


@transactional
def finish(session: Session, revision: str, *, commit: str, now: datetime) -> Publication:
    """Mark the publication as done and its draft as what became of it."""
    publication = session.get_one(Publication, revision)
    publication.state, publication.commit, publication.finished_at = DONE, commit, now
    draft = _draft_of(session, publication)
    if draft is not None and draft.state == PUBLISHING:
        if draft.publish_at is not None and draft.publish_at > now:
            move(draft, "wait")
        else:
            move(draft, "withdraw" if is_withdrawing(draft.files) else "succeed")
    append(session, ENDED.name, revision, ENDED.row(publication))
    return publication


def is_withdrawing(files: Mapping[str, str]) -> bool:
    """Whether these texts take the page back."""
    return bool(mapping_of(files.get(FACTS, "")).get("status") == WITHDRAWN)


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two texts of a file say the same; line ends and the mark of a waiting version do not count."""
    return one == other or (one is not None and other is not None and _bare(one) == _bare(other))


def _bare(text: str) -> list[str]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n").split("\n")
    return [line for line in lines if not line.startswith("based_on:")]


def _give_up(session: Session, revision: str, *, now: datetime) -> None:
    session.rollback()
    try:
        undo(session, revision, now=now)
    except OperationalError:
        # A full disk refuses this as well; the next start finds no such commit and does the same.
        log.exception("publication %s could not be marked as failed", revision)
        session.rollback()


@transactional
def undo(session: Session, revision: str, *, now: datetime) -> None:
    """Mark a publication that left no commit as failed; its draft is approved again, as before."""
    publication = session.get_one(Publication, revision)
    publication.state, publication.finished_at = FAILED, now
    draft = _draft_of(session, publication)
    if draft is not None and draft.state == PUBLISHING:
        move(draft, "fail" if draft.reviewer else "fail-unread")
        draft.revision = None
    append(session, ENDED.name, revision, ENDED.row(publication))


def _draft_of(session: Session, publication: Publication) -> Draft | None:
    return session.get(Draft, publication.draft) if publication.draft else None
