"""A proposed file in lists: what it shows, who wants it, its address."""

from __future__ import annotations

from typing import TypedDict

from portal.accounts.people import staff_name
from portal.media.proposals.models import ADD, REPLACE, UNREAD, MediaProposal
from portal.media.proposals.proposals import record_of
from portal.media.record import FOLDER, MediaRecord
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import staff_time


class ProposalRow(TypedDict):
    """What waits: `kind` says what is proposed, `files` is the address below which staff see the sizes."""

    id: str
    media_id: str
    record: MediaRecord
    words: str
    href: str
    kind: str
    detail: str
    is_unread: bool
    has_files: bool
    files: str


def proposal_row(row: MediaProposal) -> ProposalRow:
    """The row of a proposal."""
    record = record_of(row)
    kinds = {ADD: _("New file"), REPLACE: _("Another file in its place")}
    return {
        "id": row.id,
        "media_id": row.media_id,
        "record": record,
        "words": record.words.text(language()),
        "href": url("media_staff.proposal", id_=row.id),
        "kind": kinds.get(row.action, _("Other words")),
        "detail": _("%(name)s, %(time)s", name=staff_name(row.author), time=staff_time(row.created_at)),
        "is_unread": row.state == UNREAD,
        "has_files": row.action in kinds,
        "files": f"/{FOLDER}/{row.media_id}" if row.state == UNREAD else file_prefix(row.id),
    }


def file_prefix(id_: str) -> str:
    """Where staff see the files of a proposal, in the place of /media/<id> for readers."""
    return url("media_staff.proposed_file", id_=id_, name="x").removesuffix("/x")
