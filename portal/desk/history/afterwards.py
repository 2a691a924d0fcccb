"""What went out at once, without a second reader, and its page, where somebody who did not publish it reads it.

Closings, alerts and changed events go out like this; drafts of an emergency have the page of their review.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may, staff_name
from portal.desk.blueprint import staff
from portal.desk.draft_rows import DraftRow
from portal.desk.kinds import singular
from portal.desk.review.comparison import ChangeGroup, change_groups
from portal.drafts.workflow import SelfApproval
from portal.publishing import history, wiring
from portal.publishing.models import DONE, Publication
from portal.publishing.scheduled import pages_of
from portal.web.addresses import address_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services, staff_time
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {"desk.publication": "read", "desk.publication_read": "review"}


@dataclass(frozen=True)
class ChangedPage:
    """A page that the publication changed: what differs, and where readers see it now."""

    title: str
    kind: str
    href: str
    groups: list[ChangeGroup]


@staff.get("/publications/<revision>")
def publication(revision: str) -> Response:
    """What one publication changed, and whether somebody else has read it."""
    return _page(_publication_or_404(revision))


@staff.post("/publications/<revision>/read")
def publication_read(revision: str) -> AnyResponse:
    """Note that this person, who did not publish it, has read it."""
    row = _publication_or_404(revision)
    try:
        history.read_afterwards(session(), revision, by=current_staff_id())
    except SelfApproval:
        return _page(row, _("You published this yourself. Somebody else has to read it."), status=409)
    except KeyError:
        abort(404)
    staff_services().record("editing.read-afterwards", f"publications/{revision}")
    return redirect(url("desk.publication", revision=revision), 303)


def waiting_rows() -> list[DraftRow]:
    """The rows of what went out at once and waits for a reader, for the first page of the desk."""
    return [_row(one) for one in history.to_read_afterwards(session())]


def _row(one: Publication) -> DraftRow:
    return DraftRow(
        _title(one),
        _kind(one),
        url("desk.publication", revision=one.revision),
        "review",
        _("Published at once"),
        _("%(name)s, %(time)s", name=staff_name(one.author), time=staff_time(one.started_at)),
    )


def _title(one: Publication) -> str:
    """The title of the page that was changed, where it was one that is served; else the reason."""
    documents = [plain_catalogue().find(key) for key in pages_of(one.paths)]
    return documents[0].title(language()) if len(documents) == 1 and documents[0] is not None else one.reason


def _kind(one: Publication) -> str:
    kinds = {key.partition("/")[0] for key in pages_of(one.paths)} & portal().types.keys()
    return singular(kinds.pop()) if len(kinds) == 1 else _("Several pages")


def _publication_or_404(revision: str) -> Publication:
    row = session().get(Publication, revision) if len(revision) == 32 and revision.isalnum() else None
    return row if row is not None and row.unread else abort(404)


def _page(row: Publication, error: str = "", *, status: int = 200) -> Response:
    crumbs: list[Link] = [{"label": _("History"), "href": url("desk.publications")}]
    own = row.author == current_staff_id()
    return render_staff(
        "desk/history/publication.html",
        status=status,
        revision=row.revision,
        title=_title(row),
        reason=row.reason,
        author=staff_name(row.author),
        at=staff_time(row.started_at),
        pages=_changed_pages(row),
        reader=staff_name(row.reader) if row.reader else "",
        is_out=row.state == DONE,
        can_read=row.state == DONE and not row.reader and not own and may("review"),
        own=own,
        error=error,
        crumbs=crumbs,
    )


def _changed_pages(row: Publication) -> list[ChangedPage]:
    keys = [key for key in pages_of(row.paths) if key.partition("/")[0] in portal().types]
    if not row.commit or not wiring.can_publish():
        return []
    with wiring.content_repository() as repository:
        states = {key: history.state(wiring.publisher(), repository, key, row.commit) for key in keys}
    return [_changed_page(key, state) for key, state in states.items() if state is not None]


def _changed_page(key: str, state: history.State) -> ChangedPage:
    kind, _slash, slug = key.partition("/")
    document = plain_catalogue().get(kind, slug)
    return ChangedPage(
        document.title(language()) if document else slug,
        singular(kind),
        address_of(document) if document else "",
        change_groups(kind, state.before, state.texts),
    )
