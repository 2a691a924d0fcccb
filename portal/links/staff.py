"""Links that broke, on the desk: one row a link, what is wrong and what to do, and the pages that name it."""

from __future__ import annotations

from typing import TypedDict

from flask import Blueprint, Response

from portal.languages import formatting
from portal.links.checking import latest, troubled
from portal.links.models import CheckedLink
from portal.links.outside import outside_links
from portal.links.visiting import BROKEN, MOVED, REFUSED, UNREACHABLE
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import catalogue, url
from portal.web.staff import render_staff
from portal.web.transactions import sessions

READ = "read"
SHOWN = 5
LIST = "staff_card.html"
staff = Blueprint("links_staff", __name__)
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {f"{staff.name}.index": READ}


class LinkRow(TypedDict):
    """A link in trouble: what is wrong, what to do, since when, and the pages that name it."""

    address: str
    pill: str
    what: str
    do: str
    location: str
    since: str
    pages: list[Link]


def label() -> str:
    """The word for the links in the list of the desk."""
    return _("Links that broke")


def broken() -> int:
    """How many links staff should look at."""
    with sessions()() as session:
        return sum(row.state in (BROKEN, MOVED) for row in troubled(session))


def broken_links() -> Card | None:
    """The links that broke or moved, for the first page of the desk."""
    with sessions()() as session:
        troubles = [row for row in troubled(session) if row.state in (BROKEN, MOVED)]
    if not troubles:
        return None
    href = url("links_staff.index")
    rows = [{"label": row.address, "href": href, "detail": _words(row)[0]} for row in troubles[:SHOWN]]
    return Card(LIST, {"id": "broken-links", "title": label(), "rows": rows, "all": href, "count": len(troubles)})


@staff.get("/")
def index() -> Response:
    """Every link that was in trouble for some nights."""
    named = outside_links(catalogue().plain)
    with sessions()() as session:
        rows = [_row(row, named.get(row.address, ())) for row in troubled(session)]
        at = latest(session)
    return render_staff(
        "links/index.html",
        rows=rows,
        total=len(named),
        checked=formatting.day_clock(at.astimezone(request_clock().zone), language()) if at else "",
    )


def _row(row: CheckedLink, keys: tuple[str, ...]) -> LinkRow:
    what, do = _words(row)
    pills = {BROKEN: "bad", MOVED: "moved", UNREACHABLE: "soon", REFUSED: "draft"}
    since = row.failed_since or row.checked_at
    return {
        "address": row.address,
        "pill": pills[row.state],
        "what": what,
        "do": do,
        "location": row.location,
        "since": formatting.day(since.astimezone(request_clock().zone).date(), language()),
        "pages": [_page(key) for key in keys],
    }


def _page(key: str) -> Link:
    document = catalogue().find(key)
    if document is None:
        return {"label": key, "href": ""}
    return {"label": document.title(language()), "href": address_of(document)}


def _words(row: CheckedLink) -> tuple[str, str]:
    """What is wrong, and what to do."""
    find = _("Find its new address, or take the link out.")
    leave = _("Open it yourself. If it works, leave the link.")
    drop = _("Open it yourself. If it does not open, take the link out.")
    return {
        "gone": (_("The page is no longer there"), find),
        "no-host": (_("There is no such site any more"), find),
        "elsewhere": (_("The page has moved for good"), _("Open it and write the new address into the page.")),
        "timeout": (_("The site answers too slowly"), leave),
        "certificate": (
            _("The site has no valid certificate"),
            _("Open it yourself. If browsers warn, take the link out."),
        ),
        "turned-away": (_("The site turns our check away"), leave),
        "trouble": (_("The site reports trouble of its own"), _("Open it yourself in a few days.")),
        "circle": (_("The site sends visitors round in circles"), drop),
        "scheme": (_("This is no address of a web page"), _("Correct it in the page.")),
        "host": (_("The address holds a name or a password"), _("Correct it in the page.")),
        "port": (_("The address has an unusual port, which we do not check"), _("Open it yourself.")),
        "address": (
            _("The address leads into a private network"),
            _("Take the link out: readers cannot open it."),
        ),
    }.get(row.reason, (_("The site does not answer"), drop))
