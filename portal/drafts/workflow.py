"""The one workflow of everything that staff change: which action leads from which state to which, and who may take it.

    writing ──send──▶ review ──approve──▶ approved ──publish──▶ publishing ──succeed──▶ published
       ▲                │                    │                      │──────wait──────▶ scheduled ──due──▶ published
       ├───send-back────┴────────────────────┤                      │──────withdraw──▶ withdrawn
       └───save, take-back, reopen───────────┘                      └──fail──▶ approved (fail-unread ▶ review)

    writing, review ──bypass──▶ the same state; then publish-unread ──▶ publishing, and review-afterwards
    writing, review, approved ──discard──▶ discarded
    approved ──void──▶ review, when the text or the published page under it is not the approved one any more
    scheduled ──cancel──▶ approved (cancel-unread ▶ writing, cancel-taken ▶ discarded)

Drafts of pages and proposed changes of reference values (`Reviewed`) follow the same table. Every function locks the
row, compares what the person read with what is stored, and moves it in one transaction; an action that the table does
not have for the state of the row raises IllegalTransition and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import Base, transactional
from portal.drafts.models import (
    APPROVED,
    DISCARDED,
    OPEN_STATES,
    PUBLISHED,
    PUBLISHING,
    REVIEW,
    SCHEDULED,
    WITHDRAWN,
    WRITING,
    Draft,
    Note,
)

LONGEST_REASON = 500
LONGEST_NOTE = 4000
# The steps that the page of a review shows, in order.
STEPS = (WRITING, REVIEW, APPROVED, PUBLISHED)
OUT_STATES = (PUBLISHED, SCHEDULED, WITHDRAWN)


class Transition(NamedTuple):
    """Where an action leads; the permission it needs ("" for what the publisher itself does).

    `by_another` asks for somebody who neither began the text nor wrote any version of it since the published one.
    """

    to: str
    permission: str
    by_another: bool = False


TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    **{(state, "save"): Transition(WRITING, "translate") for state in (WRITING, REVIEW, APPROVED)},
    (WRITING, "send"): Transition(REVIEW, "translate"),
    (REVIEW, "approve"): Transition(APPROVED, "review", by_another=True),
    **{(state, "send-back"): Transition(WRITING, "review") for state in (REVIEW, APPROVED)},
    **{(state, "take-back"): Transition(WRITING, "translate") for state in (REVIEW, APPROVED)},
    **{(state, "reopen"): Transition(WRITING, "publish") for state in (WRITING, REVIEW, APPROVED)},
    **{(state, "discard"): Transition(DISCARDED, "write") for state in (WRITING, REVIEW, APPROVED)},
    **{(state, "bypass"): Transition(state, "publish") for state in (WRITING, REVIEW)},
    (APPROVED, "void"): Transition(REVIEW, ""),
    (APPROVED, "publish"): Transition(PUBLISHING, "publish"),
    **{(state, "publish-unread"): Transition(PUBLISHING, "publish") for state in (WRITING, REVIEW)},
    (PUBLISHING, "succeed"): Transition(PUBLISHED, ""),
    (PUBLISHING, "wait"): Transition(SCHEDULED, ""),
    (PUBLISHING, "withdraw"): Transition(WITHDRAWN, ""),
    (PUBLISHING, "fail"): Transition(APPROVED, ""),
    (PUBLISHING, "fail-unread"): Transition(REVIEW, ""),
    (SCHEDULED, "due"): Transition(PUBLISHED, ""),
    (SCHEDULED, "cancel"): Transition(APPROVED, "publish"),
    (SCHEDULED, "cancel-unread"): Transition(WRITING, "publish"),
    (SCHEDULED, "cancel-taken"): Transition(DISCARDED, "publish"),
    **{(state, "review-afterwards"): Transition(state, "review", by_another=True) for state in OUT_STATES},
}


class Reviewed(Protocol):
    """A row that moves through the workflow: a draft, or a change of a reference value."""

    state: str
    author: str
    editor: str
    writers: list[str]
    reviewer: str

    @property
    def key(self) -> str:
        """What it changes, for messages."""
        ...


class IllegalTransition(Exception):
    """The action is not allowed in the state of the row; nothing was changed."""

    def __init__(self, row: Reviewed, action: str) -> None:
        super().__init__(f"{row.key} is {row.state}: no '{action}'")
        self.state, self.action = row.state, action


class SelfApproval(Exception):
    """Nobody approves a text to which they contributed."""


class StaleVersion(Exception):
    """The text was saved again after this person read it."""


def can(row: Reviewed, action: str) -> bool:
    """Whether the table has that action for the state of the row."""
    return (row.state, action) in TRANSITIONS


def is_permitted(row: Reviewed, action: str, *, by: str, may: Callable[[str], bool]) -> bool:
    """Whether that person, who has the permissions that `may` knows, may take the action now."""
    transition = TRANSITIONS.get((row.state, action))
    return transition is not None and may(transition.permission) and not (transition.by_another and is_own(row, by))


def move(row: Reviewed, action: str, *, by: str = "") -> None:
    """Give the row the state to which the action leads; raises IllegalTransition and SelfApproval."""
    transition = TRANSITIONS.get((row.state, action))
    if transition is None:
        raise IllegalTransition(row, action)
    if transition.by_another and is_own(row, by):
        raise SelfApproval(row.key)
    row.state = transition.to
    if transition.by_another:
        row.reviewer = by
    elif transition.to in (WRITING, REVIEW):
        row.reviewer = ""


def is_own(row: Reviewed, person: str) -> bool:
    """Whether that person began the text or wrote any version of it since the published one."""
    return person in contributors(row)


def contributors(row: Reviewed) -> list[str]:
    """The ids of all who began, saved or merged the text, each once: who began it first."""
    return [person for person in dict.fromkeys((row.author, *row.writers, row.editor)) if person]


def add_writer(row: Reviewed, person: str) -> None:
    """Note that this person wrote the newest version."""
    row.editor = person
    if person not in row.writers:
        row.writers = [*row.writers, person]


def digest_of(draft: Draft) -> str:
    """The SHA-256 of what an approval is about: the texts, those they replace, and the commit these are of."""
    approved = [draft.key, draft.files, draft.base_files, draft.base]
    return sha256(json.dumps(approved, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def is_approval_valid(draft: Draft) -> bool:
    """Whether the last approval is about the texts and the base that the draft has now."""
    return bool(draft.approved_digest) and draft.approved_digest == digest_of(draft)


Row = TypeVar("Row", bound=Base)


def lock(session: Session, table: type[Row], id_: str) -> Row:
    """The row as it is stored now, locked until the transaction ends; raises KeyError when there is none."""
    row = session.get(table, id_, with_for_update=True, populate_existing=True)
    if row is None:
        raise KeyError(id_)
    return row


def _version(session: Session, id_: str, version: int) -> Draft:
    draft = lock(session, Draft, id_)
    if draft.version != version:
        raise StaleVersion(draft.key)
    return draft


@transactional
def send_to_review(session: Session, id_: str, *, version: int, reason: str, now: datetime) -> Draft:
    """Ask for a second pair of eyes; `reason` says to them, and later to the history, why the page changes."""
    draft = _version(session, id_, version)
    move(draft, "send")
    draft.reason, draft.edited_at = _one_line(reason), now
    return draft


@transactional
def approve(session: Session, id_: str, *, by: str, version: int, now: datetime) -> Draft:
    """Approve exactly the version that was read; raises SelfApproval, StaleVersion, IllegalTransition."""
    draft = _version(session, id_, version)
    move(draft, "approve", by=by)
    draft.approved_digest, draft.edited_at = digest_of(draft), now
    return draft


@transactional
def send_back(session: Session, id_: str, *, by: str, note: str, now: datetime) -> Draft:
    """Give the draft back to be written further, with a note that says why."""
    draft = lock(session, Draft, id_)
    move(draft, "send-back")
    draft.edited_at = now
    if note.strip():
        session.add(Note(draft=id_, author=by, at=now, text=note.strip()[:LONGEST_NOTE]))
    return draft


@transactional
def take_back(session: Session, id_: str, *, now: datetime) -> Draft:
    """Take one's own draft back from its review to write on."""
    draft = lock(session, Draft, id_)
    move(draft, "take-back")
    draft.edited_at = now
    return draft


@transactional
def reopen(session: Session, id_: str, *, now: datetime) -> Draft:
    """Take a draft that cannot be published as it is back to writing, where its texts are merged."""
    draft = lock(session, Draft, id_)
    move(draft, "reopen")
    draft.edited_at = now
    return draft


@transactional
def void_stale_approval(session: Session, id_: str, *, now: datetime) -> bool:
    """Return an approved draft to review when another text or base was approved; gives whether it was returned."""
    draft = lock(session, Draft, id_)
    if draft.state != APPROVED or is_approval_valid(draft):
        return False
    move(draft, "void")
    draft.edited_at = now
    return True


@transactional
def bypass(session: Session, id_: str, *, version: int, reason: str) -> Draft:
    """Let a draft be published before anybody read it; it waits for its review afterwards."""
    draft = _version(session, id_, version)
    move(draft, "bypass")
    draft.bypass_reason = _one_line(reason)
    draft.reason = draft.reason or draft.bypass_reason
    return draft


@transactional
def review_afterwards(session: Session, id_: str, *, by: str) -> Draft:
    """Approve what was published in an emergency; raises SelfApproval."""
    draft = lock(session, Draft, id_)
    move(draft, "review-afterwards", by=by)
    draft.approved_digest = digest_of(draft)
    return draft


@transactional
def cancel(session: Session, id_: str) -> Draft:
    """Open a draft again whose waiting change was taken back, unless somebody works on the page meanwhile."""
    draft = lock(session, Draft, id_)
    same_page = (Draft.kind == draft.kind, Draft.slug == draft.slug, Draft.state.in_(OPEN_STATES))
    is_taken = session.scalar(select(Draft.id).where(*same_page).limit(1)) is not None
    move(draft, "cancel-taken" if is_taken else "cancel" if draft.reviewer else "cancel-unread")
    draft.publish_at = None
    return draft


@transactional
def say(session: Session, id_: str, *, by: str, text: str, field: str = "", now: datetime) -> None:
    """Add a note to the talk about a draft."""
    session.add(Note(draft=id_, author=by, at=now, text=text.strip()[:LONGEST_NOTE], field=field[:80]))


def notes_of(session: Session, id_: str) -> Sequence[Note]:
    """The talk about a draft, the oldest first."""
    return session.scalars(select(Note).where(Note.draft == id_).order_by(Note.at, Note.id)).all()


def note_to_writers(session: Session, draft: Draft) -> Note | None:
    """The newest note of somebody else on a draft that is being written, such as why it was returned."""
    if draft.state != WRITING:
        return None
    writers = contributors(draft)
    return next((note for note in reversed(notes_of(session, draft.id)) if note.author not in writers), None)


def step_of(draft: Draft) -> int:
    """How many of STEPS the draft has behind it."""
    if draft.state in OUT_STATES:
        return len(STEPS)
    return STEPS.index(APPROVED if draft.state == PUBLISHING else draft.state) if draft.state in OPEN_STATES else 0


def waiting_for_review(session: Session) -> Sequence[Draft]:
    """Drafts that wait for a second pair of eyes, the longest first."""
    return session.scalars(select(Draft).where(Draft.state == REVIEW).order_by(Draft.edited_at)).all()


def approved(session: Session) -> Sequence[Draft]:
    """Drafts that may be published, the longest first."""
    return session.scalars(select(Draft).where(Draft.state == APPROVED).order_by(Draft.edited_at)).all()


def to_review_afterwards(session: Session) -> Sequence[Draft]:
    """What was published in an emergency and nobody has read since, the oldest first."""
    unread = (Draft.bypass_reason != "", Draft.reviewer == "", Draft.state.in_(OUT_STATES))
    return session.scalars(select(Draft).where(*unread).order_by(Draft.edited_at)).all()


def scheduled(session: Session, *, now: datetime) -> Sequence[Draft]:
    """What is published later, the nearest first."""
    waiting = (Draft.state == SCHEDULED, Draft.publish_at > now)
    return session.scalars(select(Draft).where(*waiting).order_by(Draft.publish_at)).all()


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON]
