"""What the desk itself shows on its first page: pages due for a review, translations behind, unreadable files."""

from __future__ import annotations

from portal.accounts.people import may
from portal.desk.kinds import kinds, singular
from portal.desk.translations.states import translated_pages
from portal.drafts.translation_status import OUTDATED
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.documents.cards import Card, StaffRow, staff_list
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.problems import plain_message
from portal.web.state import portal

MOST_ROWS = 5


def reviews_due() -> Card | None:
    """The published pages whose `review_by` has come, the longest overdue first."""
    today = request_clock().now.date()
    versions = (request_clock().version_of(document) for kind in kinds() for document in plain_catalogue().all(kind))
    due = [
        document
        for document in versions
        if document.facts.status == "published" and document.facts.review_by and document.facts.review_by <= today
    ]
    due.sort(key=lambda document: document.facts.review_by)
    rows = [
        StaffRow(
            document.title(language()),
            url("desk.document", kind=document.kind, slug=document.slug),
            _(
                "to be read again by %(day)s; %(owner)s",
                day=formatting.short_day(document.facts.review_by, language()),
                owner=document.facts.owner or _("nobody named"),
            ),
        )
        for document in due[:MOST_ROWS]
    ]
    return staff_list("reviews-due", _("To be read again"), rows, count=len(due), all_=url("desk.index"))


def translations_behind() -> Card | None:
    """The pages with a translation that is behind, for whoever translates."""
    if not may("translate"):
        return None
    behind = [page.document for page in translated_pages() if OUTDATED in page.states.values()]
    rows = [
        StaffRow(
            document.title(language()),
            url("desk.translation", kind=document.kind, slug=document.slug, code=outdated[0]),
            singular(document.kind),
        )
        for document in behind[:MOST_ROWS]
        if (outdated := [code for code in document.words if document.is_outdated(code)])
    ]
    all_ = url("desk.translations") + f"?show={OUTDATED}"
    return staff_list("behind", _("Translations that are behind"), rows, count=len(behind), all_=all_)


def unreadable_files() -> Card | None:
    """The files that the site cannot read, of which it still shows the last good version."""
    problems = portal().live.current().problems[:MOST_ROWS]
    rows = [StaffRow(problem.path or _("Content"), None, plain_message(problem)) for problem in problems]
    return staff_list("broken", _("Files that cannot be read"), rows)
