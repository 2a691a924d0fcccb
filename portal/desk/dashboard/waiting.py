"""What waits for somebody on the desk: reviews, approved drafts, changes of a later day, emergencies unread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from portal.accounts.people import current_staff_id, may
from portal.desk.review.comparison import moment_words
from portal.drafts import workflow
from portal.drafts.models import Draft
from portal.publishing.reconcile import unpushed
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.state import portal
from portal.web.transactions import session, sessions

RowOf = Callable[[Draft], dict[str, Any]]


def sections(row_of: RowOf) -> list[dict[str, Any]]:
    """The lists of the desk's first page that have something in them; `row_of` shows one draft."""
    now = request_clock().now
    review = [one for one in workflow.waiting_for_review(session()) if one.author != current_staff_id()]
    lists: list[tuple[str, str, str, Iterable[Draft]]] = [
        ("review", _("Waiting for review"), _("Look"), review),
        ("afterwards", _("Published in an emergency, to be read"), _("Read"), workflow.to_review_afterwards(session())),
        ("approved", _("Approved, not yet published"), _("Look"), workflow.approved(session())),
        ("scheduled", _("Public later"), _("Look"), workflow.scheduled(session(), now=now)),
    ]
    return [
        {"id": id_, "title": title, "action": action, "rows": [_row(row_of, draft) for draft in drafts]}
        for id_, title, action, drafts in lists
        if drafts
    ]


def _row(row_of: RowOf, draft: Draft) -> dict[str, Any]:
    row = row_of(draft)
    if draft.publish_at is not None:
        row["detail"] = _("from %(moment)s", moment=moment_words(draft.publish_at))
    return {**row, "href": url("desk.review", id_=draft.id)}


def waiting_count() -> int:
    """How many drafts wait for this person's eyes."""
    if not may("review"):
        return 0
    # A session of its own: the list of places stands on answers to forms too, where the request's may not stay open.
    with sessions()() as own:
        review = [one for one in workflow.waiting_for_review(own) if not workflow.is_own(one, current_staff_id())]
        return len(review) + len(workflow.to_review_afterwards(own))


def uncopied() -> int:
    """How many changes the other copy of the content lacks, where there is to be one."""
    if not portal().settings.content_remote:
        return 0
    with sessions()() as own:
        found = unpushed(own)
    return found.count if found else 0
