"""Drafts: begun from what is served, saved only onto the version that was read, and never overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.content.document import Document
from portal.content.loading.reader import WORDS_FILE
from portal.content.problems import ContentError
from portal.content.sources.source import Source
from portal.content.yaml_editing import yaml_text
from portal.content_forms.document_form import FACTS_FILE, mapping_or_none
from portal.database import transactional, writing
from portal.drafts.models import OPEN_STATES, WRITING, ConflictCopy, Draft, DraftVersion, Presence, fresh_id
from portal.drafts.workflow import add_writer, can, lock, move

Texts = Mapping[str, str]
# A browser that has a draft open says so several times in this span.
PRESENT = timedelta(minutes=2)
VERSIONS_KEPT = 200
VERSIONS_STAY = timedelta(days=30)
NEW_PAGE = "status: published\n"


class DraftClosed(Exception):
    """The draft was published or discarded meanwhile; carries the texts that were about to be saved and their base."""

    def __init__(self, draft: Draft, files: Texts, base_files: Texts) -> None:
        super().__init__(f"{draft.key} is {draft.state}")
        self.draft, self.files, self.base_files = draft, files, base_files


class DraftOvertaken(Exception):
    """Somebody saved a newer version meanwhile; the typed texts are kept as `conflict_copy`."""

    def __init__(self, draft: Draft, conflict_copy: ConflictCopy) -> None:
        super().__init__(f"{draft.key} is at version {draft.version}")
        self.draft, self.conflict_copy = draft, conflict_copy


@dataclass(frozen=True)
class Opened:
    """From which texts, and which state of the content, a draft begins."""

    files: dict[str, str]
    base: str


def served_texts(source: Source, document: Document, *, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The texts of the version that readers see at `now`; raises ContentError when they are gone."""
    started = [version for version in document.scheduled if version.at <= now]
    prefix = f"next/{started[-1].at.astimezone(zone):%Y-%m-%dT%H%M}/" if started else ""
    names = [name.removeprefix(prefix) for name in document.source_hashes if name.startswith(prefix)]
    own_files = [name for name in names if name == FACTS_FILE or WORDS_FILE.match(name)]
    files = {name: source.read(f"{document.key}/{prefix}{name}").decode("utf-8-sig") for name in own_files}
    return {name: text.replace("\r\n", "\n") for name, text in files.items()}


def opened(source: Source, document: Document, *, now: datetime, zone: ZoneInfo) -> Opened:
    """The texts of a served page as a draft begins with them."""
    return Opened(served_texts(source, document, now=now, zone=zone), source.version())


def to_be_published(files: Texts) -> dict[str, str]:
    """The texts as they stand after publication: a page that was kept back is let out, marks of waiting go."""
    facts = mapping_or_none(files.get(FACTS_FILE, ""))
    if facts is None:
        return dict(files)
    before = yaml_text(facts)
    if facts.get("status", "draft") == "draft":
        facts["status"] = "published"
    facts.pop("based_on", None)
    after = yaml_text(facts)
    return dict(files) if after == before else {**files, FACTS_FILE: after}


def open_draft_of(session: Session, kind: str, slug: str) -> Draft | None:
    """The draft of that page on which people work now."""
    return session.scalar(select(Draft).where(Draft.kind == kind, Draft.slug == slug, Draft.state.in_(OPEN_STATES)))


def begin(
    session: Session,
    *,
    kind: str,
    slug: str,
    files: Texts,
    base_files: Texts,
    base: str,
    who: str,
    now: datetime,
    writers: Iterable[str] = (),
) -> Draft:
    """A draft of that page, the open one if there is one already; `base_files` are empty for a new page.

    `writers` wrote what the files have beyond the published text, for a draft that goes on from a closed one.
    """
    try:
        with writing(session):
            draft = open_draft_of(session, kind, slug)
            if draft is None:
                draft = Draft(
                    id=fresh_id(),
                    kind=kind,
                    slug=slug,
                    is_new=not base_files,
                    base=base,
                    files=dict(files),
                    base_files=dict(base_files),
                    state=WRITING,
                    version=1,
                    author=who,
                    editor=who,
                    writers=list(writers),
                    edited_at=now,
                    created_at=now,
                )
                session.add(draft)
    except IntegrityError:
        # Two people began at the same moment on a database that lets both look first.
        draft = open_draft_of(session, kind, slug)
        if draft is None:
            raise
    return draft


def files_at(session: Session, draft: Draft, version: int) -> Texts | None:
    """The texts of an earlier version, as long as they are kept."""
    if version == draft.version:
        return draft.files
    earlier = session.get(DraftVersion, (draft.id, version))
    return earlier.files if earlier else None


def read_version(session: Session, id_: str, version: int) -> Texts:
    """The texts that whoever read that version changes; those that the draft began from where they are not kept.

    Ends the transaction, so that no lock is held while the new texts are made. Raises KeyError.
    """
    draft = session.get_one(Draft, id_)
    files = files_at(session, draft, version)
    session.commit()
    return draft.base_files if files is None else files


def save(
    session: Session, id_: str, *, version: int, files: Texts, base_files: Texts, who: str, now: datetime
) -> Draft:
    """Save texts made from `base_files`, those of `version`, as the next one; nothing is written when nothing changed.

    Raises DraftOvertaken, with the texts kept, when somebody saved after `version`; DraftClosed; KeyError.
    """
    conflict_copy: ConflictCopy | None = None
    with writing(session):
        draft = lock(session, Draft, id_)
        if not can(draft, "save"):
            raise DraftClosed(draft, files, base_files)
        if files not in (base_files, draft.files):
            if version != draft.version:
                conflict_copy = _keep(session, draft, files, base_files, who=who, now=now)
            else:
                _write(session, draft, files, who=who, now=now)
    if conflict_copy is not None:
        raise DraftOvertaken(draft, conflict_copy)
    return draft


def finalize(
    session: Session,
    id_: str,
    *,
    version: int,
    files: Texts,
    who: str,
    now: datetime,
    conflict_copy: str = "",
    served: Opened | None = None,
) -> Draft:
    """Save the outcome of a merge onto `version`; raises DraftOvertaken when that is not the newest any more.

    A text that stays as it is over another published page is a new version too: what was read or approved was another
    change. An approved draft then waits for review again.
    """
    kept: ConflictCopy | None = None
    with writing(session):
        draft = lock(session, Draft, id_)
        if not can(draft, "save"):
            raise DraftClosed(draft, files, draft.files)
        if version != draft.version:
            base_files = files_at(session, draft, version) or draft.base_files
            kept = _keep(session, draft, files, base_files, who=who, now=now)
        elif files != draft.files:
            _write(session, draft, files, who=who, now=now)
        elif served is not None and served.files != draft.base_files:
            _write(session, draft, files, who=who, now=now, action="void" if can(draft, "void") else "")
        if served is not None and kept is None:
            draft.base, draft.base_files, draft.is_new = served.base, served.files, False
        if conflict_copy:
            session.execute(delete(ConflictCopy).where(ConflictCopy.id == conflict_copy, ConflictCopy.author == who))
    if kept is not None:
        raise DraftOvertaken(draft, kept)
    return draft


@transactional
def keep_conflict_copy(
    session: Session, id_: str, files: Texts, base_files: Texts, *, who: str, now: datetime
) -> ConflictCopy:
    """Keep texts beside a draft until whoever typed them chose what stays."""
    return _keep(session, lock(session, Draft, id_), files, base_files, who=who, now=now)


def conflict_copies_of(session: Session, draft: str, who: str) -> list[ConflictCopy]:
    """The texts of that person which wait beside the draft, the oldest first."""
    return list(
        session.scalars(
            select(ConflictCopy)
            .where(ConflictCopy.draft == draft, ConflictCopy.author == who)
            .order_by(ConflictCopy.at)
        )
    )


def waiting_conflict_copies(session: Session, who: str) -> list[tuple[ConflictCopy, Draft]]:
    """Every text of that person which waits to be merged, with the draft beside which it waits, the oldest first."""
    query = select(ConflictCopy, Draft).join(Draft, Draft.id == ConflictCopy.draft).where(ConflictCopy.author == who)
    return [(copy, draft) for copy, draft in session.execute(query.order_by(ConflictCopy.at))]


@transactional
def move_conflict_copies(session: Session, old: str, new: str, *, who: str) -> None:
    """Let the texts of that person wait beside another draft: the old one is closed."""
    session.execute(update(ConflictCopy).where(ConflictCopy.draft == old, ConflictCopy.author == who).values(draft=new))


@transactional
def discard(session: Session, id_: str, *, now: datetime) -> Draft:
    """Close a draft without publishing it; its texts stay in the table. Raises DraftClosed and KeyError."""
    draft = lock(session, Draft, id_)
    if not can(draft, "discard"):
        raise DraftClosed(draft, draft.files, draft.files)
    move(draft, "discard")
    draft.edited_at = now
    session.execute(delete(Presence).where(Presence.draft == id_))
    return draft


@transactional
def forget_versions(session: Session, *, now: datetime) -> int:
    """Delete the earlier texts and kept texts of drafts that were closed a month ago; gives the rows deleted."""
    closed = select(Draft.id).where(Draft.state.not_in(OPEN_STATES), Draft.edited_at < now - VERSIONS_STAY)
    deleted_rows = 0
    for table in (DraftVersion, ConflictCopy, Presence):
        drafts = session.scalars(select(table.draft).where(table.draft.in_(closed))).all()
        deleted_rows += len(drafts)
        session.execute(delete(table).where(table.draft.in_(set(drafts))))
    return deleted_rows


@transactional
def record_presence(session: Session, draft: str, who: str, *, now: datetime) -> list[Presence]:
    """Say that this person has the draft open; gives the others who have it open too, the longest first."""
    session.execute(delete(Presence).where(Presence.draft == draft, Presence.seen_at < now - PRESENT))
    own = session.get(Presence, (draft, who))
    if own is None:
        session.add(Presence(draft=draft, person=who, since=now, seen_at=now))
    else:
        own.seen_at = now
    others = select(Presence).where(Presence.draft == draft, Presence.person != who).order_by(Presence.since)
    return list(session.scalars(others))


def is_base_current(draft: Draft, served: Texts | None) -> bool:
    """Whether what is served is still what the draft began from."""
    return (served or {}) == draft.base_files


def served_or_none(source: Source, document: Document | None, *, now: datetime, zone: ZoneInfo) -> Opened | None:
    """What is served of that page now, or nothing."""
    if document is None:
        return None
    try:
        return opened(source, document, now=now, zone=zone)
    except ContentError:
        return None


def _write(session: Session, draft: Draft, files: Texts, *, who: str, now: datetime, action: str = "save") -> None:
    session.add(DraftVersion(draft=draft.id, version=draft.version, author=draft.editor, files=draft.files))
    session.execute(
        delete(DraftVersion).where(DraftVersion.draft == draft.id, DraftVersion.version < draft.version - VERSIONS_KEPT)
    )
    # What was sent to review or approved was another text.
    if action:
        move(draft, action)
    add_writer(draft, who)
    draft.files, draft.version, draft.edited_at = dict(files), draft.version + 1, now


def _keep(session: Session, draft: Draft, files: Texts, base_files: Texts, *, who: str, now: datetime) -> ConflictCopy:
    waiting = conflict_copies_of(session, draft.id, who)
    copy = next((copy for copy in waiting if copy.base_files == base_files), None)
    if copy is None:
        copy = ConflictCopy(id=fresh_id(), draft=draft.id, author=who, base_files=dict(base_files), files={}, at=now)
        session.add(copy)
    copy.files, copy.at = dict(files), now
    return copy
