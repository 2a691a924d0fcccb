"""A change of content files that somebody wants to publish, and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.content.sources.repository import Person
from portal.drafts.models import APPROVED, Draft, fresh_id
from portal.publishing.candidate import Changes

TRAILER = "Revision"
CO_AUTHOR = "Co-authored-by"


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
    is a conflict. `person` stands as author of the commit, `co_authors` as those who wrote with them. `at` lets
    pages change later. `cancels` are waiting versions (`kind/slug/next/…`) that go. What goes out at once by design,
    without a second reader, is `unread`: it waits for one afterwards.
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
    co_authors: tuple[Person, ...] = ()
    is_bypass: bool = False
    unread: bool = False
    revision: str = field(default_factory=fresh_id)


def edit_of(
    draft: Draft,
    files: Mapping[str, str],
    *,
    person: Person,
    committer: Person,
    approved_by: str,
    at: datetime | None,
    co_authors: tuple[Person, ...] = (),
) -> Edit:
    """The edit that publishes a draft as `files`, its texts finished for publication; its author saw `base_files`."""
    removed: dict[str, None] = {name: None for name in draft.base_files if name not in draft.files}
    texts: dict[str, str | None] = {**files, **removed}
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
        co_authors=co_authors,
        is_bypass=draft.state != APPROVED,
    )


def message_of(edit: Edit) -> str:
    """The message of the commit: why, then the trailers by which it is found again."""
    reason = " ".join(edit.reason.split()) or "Content changed"
    approved = f"Approved-by: {edit.approved_by}\n" if edit.approved_by else ""
    authors = "".join(f"{CO_AUTHOR}: {person.line().decode()}\n" for person in edit.co_authors)
    return f"{reason}\n\n{approved}{authors}{TRAILER}: {edit.revision}\n"
