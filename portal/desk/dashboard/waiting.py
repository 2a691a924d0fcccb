"""What waits for somebody: reviews, approved drafts, scheduled changes, what went out before anybody else read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.accounts.people import current_staff_id, may
from portal.desk.draft_rows import DraftRow, draft_row
from portal.desk.history import afterwards
from portal.desk.review.comparison import scheduled_label
from portal.drafts import workflow
from portal.drafts.models import Draft
from portal.publishing.history import to_read_afterwards
from portal.publishing.reconcile import unpushed
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.state import portal
from portal.web.transactions import session, sessions


@dataclass(frozen=True)
class WaitingList:
    """A list of drafts with the label of the button beside each."""

    id: str
    title: str
    action: str
    rows: list[DraftRow]


def waiting_lists() -> list[WaitingList]:
    """The lists that have a draft in them."""
    now, me = request_clock().now, current_staff_id()
    review = [draft for draft in workflow.waiting_for_review(session()) if not workflow.is_own(draft, me)]
    unread = [*_rows(workflow.to_review_afterwards(session())), *afterwards.waiting_rows()]
    lists: list[tuple[str, str, str, list[DraftRow]]] = [
        ("review", _("Waiting for review"), _("Look"), _rows(review)),
        ("afterwards", _("Published before anybody else read it, to be read"), _("Read"), unread),
        ("approved", _("Approved, not yet published"), _("Look"), _rows(workflow.approved(session()))),
        ("scheduled", _("Public later"), _("Look"), _rows(workflow.scheduled(session(), now=now))),
    ]
    return [WaitingList(id_, title, action, rows) for id_, title, action, rows in lists if rows]


def _rows(drafts: Iterable[Draft]) -> list[DraftRow]:
    return [_row(draft) for draft in drafts]


def _row(draft: Draft) -> DraftRow:
    at = draft.publish_at
    detail = "" if at is None else _("from %(moment)s", moment=scheduled_label(at))
    return draft_row(draft, href=url("desk.review", id_=draft.id), detail=detail)


def waiting_count() -> int:
    """How many drafts this person may review, for the staff menu."""
    if not may("review"):
        return 0
    # A session of its own: the menu stands on answers to forms too, where the request's may not stay open.
    with sessions()() as menu_session:
        review = workflow.waiting_for_review(menu_session)
        others = [draft for draft in review if not workflow.is_own(draft, current_staff_id())]
        at_once = [one for one in to_read_afterwards(menu_session) if one.author != current_staff_id()]
        return len(others) + len(workflow.to_review_afterwards(menu_session)) + len(at_once)


def unpushed_count() -> int:
    """How many changes the remote copy of the content lacks, where there is to be one; for the staff menu."""
    if not portal().settings.content_remote:
        return 0
    with sessions()() as menu_session:
        waiting = unpushed(menu_session)
    return waiting.count if waiting else 0
