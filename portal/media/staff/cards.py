"""What the first page of the desk shows of files: those that wait for a second person."""

from __future__ import annotations

from portal.accounts.people import current_staff_id, may
from portal.media.proposals.models import UNREAD, MediaProposal
from portal.media.proposals.proposals import to_look_at
from portal.media.staff.rows import proposal_row
from portal.web.documents.cards import Card, StaffRow, staff_list
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.transactions import session, sessions

MOST_ROWS = 5


def waiting_files() -> Card | None:
    """The files of others that this person may look at."""
    if not may("review"):
        return None
    waiting = _of_others(to_look_at(session()))
    shown = [proposal_row(row) for row in waiting[:MOST_ROWS]]
    rows = [
        StaffRow(
            row["words"],
            row["href"],
            " · ".join((_("Published in an emergency") if row["is_unread"] else row["kind"], row["detail"])),
        )
        for row in shown
    ]
    return staff_list("files", _("Files to look at"), rows, count=len(waiting), all_=url("media_staff.index"))


def waiting_count() -> int:
    """How many files wait for this person, for the staff menu."""
    if not may("review"):
        return 0
    # A session of its own: the menu stands on answers to forms too, where the request's may not stay open.
    with sessions()() as menu_session:
        return len(_of_others(to_look_at(menu_session)))


def _of_others(rows: list[MediaProposal]) -> list[MediaProposal]:
    """Those that somebody else proposed, emergencies first."""
    others = [row for row in rows if row.author != current_staff_id()]
    return sorted(others, key=lambda row: row.state != UNREAD)
