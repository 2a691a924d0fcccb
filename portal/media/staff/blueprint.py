"""The blueprint of the library on the desk, its permissions, and what its views share."""

from __future__ import annotations

from typing import Any, TypedDict

from flask import Blueprint, abort, request

from portal.languages import formatting
from portal.media.proposals.models import MediaProposal
from portal.media.record import MediaRecord
from portal.media.sniffing import MOST_BYTES
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue
from portal.web.staff import NotPublished, staff_services
from portal.web.transactions import session

READ, WRITE, REVIEW, PUBLISH = "read", "write", "review", "publish"
staff = Blueprint("media_staff", __name__)
# Every endpoint of this blueprint with the permission that it needs; what readers see already needs a publisher.
PERMISSIONS = {
    **{f"{staff.name}.{view}": READ for view in ("index", "show", "proposal", "proposed_file")},
    **{f"{staff.name}.{view}": WRITE for view in ("new", "add", "withdraw")},
    **{f"{staff.name}.{view}": REVIEW for view in ("approve", "refuse")},
    **{f"{staff.name}.{view}": PUBLISH for view in ("describe", "replace", "remove", "publish_unread")},
}
# The file and what a form adds to it.
MOST_BODY = MOST_BYTES + 2 * 1024 * 1024
MOST_MEGABYTES = MOST_BYTES // (1024 * 1024)
UPLOADS = frozenset({f"{staff.name}.add", f"{staff.name}.replace"})


class MediaRow(TypedDict):
    """A file of the library in the list and on its page; `uses` counts the pages that show it."""

    id: str
    record: MediaRecord
    words: str
    href: str
    size: str
    uses: int
    on: str


@staff.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Other forms of the site stay small; this must be said before anything reads the form.
    if endpoint in UPLOADS:
        request.max_content_length = MOST_BODY


def label() -> str:
    """The word for the library in the list of the desk."""
    return _("Pictures and documents")


def records() -> dict[str, MediaRecord]:
    """The published files by id."""
    return dict(catalogue().reference("media"))


def record_or_404(id_: str) -> MediaRecord:
    """The published file of that id."""
    record: MediaRecord | None = catalogue().reference("media").get(id_)
    if record is None:
        abort(404)
    return record


def proposal_or_404(id_: str) -> MediaProposal:
    """The proposal of that id."""
    return (session().get(MediaProposal, id_) if len(id_) == 32 else None) or abort(404)


def languages() -> dict[str, str]:
    """The names of the site's languages by code."""
    return {one.code: one.name for one in catalogue().site.languages}


def kilobytes(size: int) -> str:
    """A size as staff read it."""
    return f"{formatting.number(max(1, round(size / 1000)), language())} KB"


def publish(changes: dict[str, str | bytes | None], *, reason: str, author: str = "") -> str:
    """Publish the change; gives the words of a refusal, or nothing. `author` made it, if somebody else publishes it."""
    try:
        staff_services().publish(changes, reason=reason, author=author)
    except NotPublished as refused:
        return str(refused)
    return ""
