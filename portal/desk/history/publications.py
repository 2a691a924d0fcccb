"""The latest publications of all pages, and what the remote copy of the content lacks."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from portal.accounts.people import staff_name
from portal.desk.blueprint import staff
from portal.publishing import wiring
from portal.publishing.history import latest_publications
from portal.publishing.models import Publication
from portal.publishing.reconcile import unpushed
from portal.publishing.wiring import no_repository_message
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_time
from portal.web.state import portal
from portal.web.transactions import session

MOST_ROWS = 50
PERMISSIONS = {"desk.publications": "read"}
_PILLS = {"done": "current", "failed": "bad"}


@dataclass(frozen=True)
class PublicationRow:
    """One publication; `href` leads to the history of the first page that it changed, if that is still there."""

    reason: str
    detail: str
    pill: str
    words: str
    href: str


@staff.get("/history")
def publications() -> Response:
    """The newest publications, and whether the remote copy of the content has them."""
    has_remote = bool(portal().settings.content_remote)
    waiting = unpushed(session()) if has_remote else None
    return render_staff(
        "desk/history/publications.html",
        rows=[_row(publication) for publication in latest_publications(session(), limit=MOST_ROWS)],
        waiting=waiting,
        waiting_since=staff_time(waiting.since) if waiting else "",
        has_remote=has_remote,
        no_repository="" if wiring.can_publish() else no_repository_message(),
    )


def _row(publication: Publication) -> PublicationRow:
    keys = sorted("/".join(path.split("/")[:2]) for path in publication.paths)
    kind, _slash, slug = (keys[0] if keys else "").partition("/")
    is_served = kind in portal().types and plain_catalogue().get(kind, slug) is not None
    labels = {"done": _("Published"), "failed": _("Not published"), "publishing": _("Being published")}
    return PublicationRow(
        publication.reason,
        _("%(name)s, %(time)s", name=staff_name(publication.author), time=staff_time(publication.started_at)),
        _PILLS.get(publication.state, "soon"),
        labels.get(publication.state, publication.state),
        url("desk.history", kind=kind, slug=slug) if is_served else "",
    )
