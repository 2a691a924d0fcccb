"""Publishing: one commit as the person, swapped into the served branch, and never half of it.

A row is written before the commit and marked done after it; the commit carries the row's revision as a
trailer, so a start after a crash finds out what happened.
"""

from __future__ import annotations

import fcntl
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.content.catalogue import Catalogue
from portal.content.document import DocumentFacts
from portal.content.generations import Generations
from portal.content.parsing import ContentError, Problem
from portal.content.sources.repository import ContentRepository, Person, RefMoved, RepositoryBusy
from portal.content_forms.document_form import mapping_of
from portal.database import writing
from portal.drafts.drafts import to_be_published
from portal.drafts.models import APPROVED, PUBLISHED, PUBLISHING, REVIEW, SCHEDULED, WITHDRAWN, WRITING, Draft, fresh_id
from portal.publishing.candidate import Candidates, Changes, Examiner, data_of
from portal.publishing.models import DONE, FAILED, Publication
from portal.publishing.scheduled import FACTS, Page, touched_pages

ATTEMPTS = 20
TRAILER = "Revision"
# No part of a path begins with a dot, so none leads out of the content.
SOUND_PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\Z")

log = logging.getLogger("portal.editing")


class EditConflict(Exception):
    """Somebody published other texts of these pages or files since the edit began; nothing was written."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(f"published meanwhile: {', '.join(paths)}")
        self.paths = paths


class NotReady(Exception):
    """The draft is not approved, or not in the version that was approved; nothing was written."""


class NotWritten(Exception):
    """The machine refused (a full disk, a busy repository); the old page and the draft are as they were."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change of content files that somebody wants to publish.

    `seen` holds the texts that the change was made from (None: there was none): a path that differs by now
    is a conflict. `at` lets pages change later. `cancels` are waiting versions (`kind/slug/next/…`) that go.
    """

    author: str
    person: Person
    reason: str
    changes: Changes = field(default_factory=dict)
    seen: Mapping[str, str | None] = field(default_factory=dict)
    at: datetime | None = None
    cancels: tuple[str, ...] = ()
    draft: str | None = None
    version: int | None = None
    committer: Person | None = None
    approved_by: str = ""
    is_bypass: bool = False
    revision: str = field(default_factory=fresh_id)


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """What publishing needs of the office: its repository, the reader's judgement, and the way to tell workers."""

    path: Path
    candidates: Candidates
    examiner: Examiner
    generations: Generations
    served: Callable[[], Catalogue]
    facts: Mapping[str, type[DocumentFacts]]

    @property
    def zone(self) -> ZoneInfo:
        """The office's zone."""
        return ZoneInfo(self.served().site.timezone)

    def repository(self) -> ContentRepository:
        """The repository, opened anew: it is not made for several threads."""
        return ContentRepository(self.path, durable=True)

    def page(self, repository: ContentRepository, commit: str, key: str) -> Page:
        """A page as that commit holds it."""
        held = repository.read_folder(commit, key) if commit else {}
        files = {path: data.decode("utf-8", "replace") for path, data in held.items()}
        return Page(key, files, self.facts.get(key.partition("/")[0], DocumentFacts), self.zone)

    @contextmanager
    def gate(self) -> Iterator[None]:
        """One publication of this machine at a time; the lock ends with the process, however it ends."""
        with (self.path / "publishing.lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


def publish(publisher: Publisher, session: Session, edit: Edit, *, now: datetime) -> Publication:
    """Publish the change; gives the row that tells of it.

    Raises ContentError when the site would not be whole with it, EditConflict, WaitingConflict or PastMoment,
    NotReady for a draft that nobody approved, NotWritten when the machine refuses. Then nothing was published.
    The session is rolled back first and holds no transaction while the commit is made.
    """
    session.rollback()
    with publisher.gate():
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
        if isinstance(refused, (OSError, RepositoryBusy)):
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


def _files(
    publisher: Publisher, edit: Edit, repository: ContentRepository, *, head: str, now: datetime
) -> dict[str, bytes | None]:
    """Every file that the change writes, once nobody else has changed what it was made from."""
    pages = touched_pages([*edit.changes, *edit.seen])
    moved: list[str] = []
    found: dict[str, str | bytes | None] = {
        path: text for path, text in edit.changes.items() if not touched_pages([path])
    }
    for key, names in pages.items():
        page = publisher.page(repository, head, key)
        readers_see = page.texts_at(now)
        seen = {name: edit.seen[f"{key}/{name}"] for name in names if f"{key}/{name}" in edit.seen}
        moved += [f"{key}/{name}" for name, text in seen.items() if not is_same(readers_see.get(name), text)]
        own = {name: edit.changes[f"{key}/{name}"] for name in names if f"{key}/{name}" in edit.changes}
        texts = {name: text.decode() if isinstance(text, bytes) else text for name, text in own.items()}
        if texts and not moved:
            found |= page.scheduled(texts, at=edit.at, now=now) if edit.at else page.changed(texts, now=now)
    for path, text in edit.seen.items():
        if not touched_pages([path]) and repository.read(head, path) != data_of(text):
            moved.append(path)
    if moved:
        raise EditConflict(sorted(moved))
    for folder in edit.cancels:
        key, _next, written = folder.rpartition("/next/")
        found |= publisher.page(repository, head, key).cancelled(written)
    stray = [path for path in found if not SOUND_PATH.match(path)]
    if stray:
        raise ContentError(*(Problem(path, "", "is no name of a content file") for path in stray))
    return {path: data_of(text) for path, text in found.items()}


def _begin(session: Session, edit: Edit, paths: list[str], *, now: datetime) -> Publication:
    with writing(session):
        if edit.draft is not None:
            draft = session.get(Draft, edit.draft)
            if draft is None or not _is_ready(draft, edit):
                raise NotReady(edit.draft)
            draft.state, draft.revision, draft.publish_at = PUBLISHING, edit.revision, edit.at
        publication = Publication(
            revision=edit.revision,
            draft=edit.draft,
            author=edit.author,
            reason=edit.reason[:500],
            paths=paths,
            state=PUBLISHING,
            started_at=now,
        )
        session.add(publication)
    return publication


def _is_ready(draft: Draft, edit: Edit) -> bool:
    in_emergency = edit.is_bypass and bool(draft.bypass_reason) and draft.state in (WRITING, REVIEW)
    return (draft.state == APPROVED or in_emergency) and (edit.version is None or draft.version == edit.version)


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


def message_of(edit: Edit) -> str:
    """The message of the commit: why, then the trailers by which it is found again."""
    reason = " ".join(edit.reason.split()) or "Content changed"
    approved = f"Approved-by: {edit.approved_by}\n" if edit.approved_by else ""
    return f"{reason}\n\n{approved}{TRAILER}: {edit.revision}\n"


def finish(session: Session, revision: str, *, commit: str, now: datetime) -> Publication:
    """Mark the publication as done and its draft as what became of it."""
    with writing(session):
        publication = session.get_one(Publication, revision)
        publication.state, publication.commit, publication.finished_at = DONE, commit, now
        draft = _draft_of(session, publication)
        if draft is not None and draft.state == PUBLISHING:
            draft.state = _outcome(draft, now=now)
    return publication


def _outcome(draft: Draft, *, now: datetime) -> str:
    if draft.publish_at is not None and draft.publish_at > now:
        return SCHEDULED
    return WITHDRAWN if is_withdrawing(draft.files) else PUBLISHED


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
    try:
        undo(session, revision, now=now)
    except OperationalError:
        # A full disk refuses this as well; the next start finds no such commit and does the same.
        log.exception("publication %s could not be marked as failed", revision)
        session.rollback()


def undo(session: Session, revision: str, *, now: datetime) -> None:
    """Mark a publication that left no commit as failed; its draft is approved again, as before."""
    session.rollback()
    with writing(session):
        publication = session.get_one(Publication, revision)
        publication.state, publication.finished_at = FAILED, now
        draft = _draft_of(session, publication)
        if draft is not None and draft.state == PUBLISHING:
            draft.state = APPROVED if draft.reviewer else REVIEW
            draft.revision = None


def _draft_of(session: Session, publication: Publication) -> Draft | None:
    return session.get(Draft, publication.draft) if publication.draft else None


def edit_of(
    draft: Draft,
    *,
    person: Person,
    committer: Person,
    approved_by: str,
    at: datetime | None,
    prepare: Callable[[Mapping[str, str]], Mapping[str, str]] = dict,
) -> Edit:
    """The edit by which a draft is published, made from the texts that its author saw; `prepare` finishes them."""
    gone: dict[str, None] = {name: None for name in draft.base_files if name not in draft.files}
    texts: dict[str, str | None] = {**prepare(to_be_published(draft.files)), **gone}
    changed = {name: text for name, text in texts.items() if draft.base_files.get(name) != text}
    seen = {name: draft.base_files.get(name) for name in texts}
    return Edit(
        author=draft.author,
        person=person,
        committer=committer,
        reason=f"{draft.key}: {draft.reason or ('new page' if draft.is_new else 'changed')}",
        changes={f"{draft.key}/{name}": text for name, text in changed.items()},
        seen={f"{draft.key}/{name}": text for name, text in seen.items()},
        at=at,
        draft=draft.id,
        version=draft.version,
        approved_by=approved_by,
        is_bypass=draft.state != APPROVED,
    )
