"""The desk's first page, the list of texts, and one page with what can be done to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, request
from sqlalchemy import select

from portal.accounts.layout import permission_table
from portal.accounts.people import current_staff_id, may, staff_name
from portal.content.document import PRIMARY_LANGUAGE, Document
from portal.content_forms.document_form import mapping_of, split_words_file
from portal.desk.blueprint import crumbs, document_or_404, staff
from portal.desk.dashboard.waiting import sections
from portal.desk.kinds import kinds, plural, singular
from portal.drafts.drafts import open_draft_of, waiting_conflict_copies
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, OPEN_STATES, PUBLISHING, REVIEW, WRITING, Draft
from portal.languages import formatting
from portal.web.addresses import address_of
from portal.web.clock import office_zone, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_time
from portal.web.state import cards, portal
from portal.web.transactions import session

PAGE_SIZE = 50
LONGEST_QUERY = 100
PERMISSIONS = {"desk.today": "read", "desk.index": "read", "desk.document": "read"}
STATES = ("public", "waiting", "draft", "withdrawn", "open")


@staff.get("/")
def today() -> Response:
    """What waits: one's own drafts, what is to be reviewed, and the cards of the rooms."""
    drafts = _open_drafts()
    copies = waiting_conflict_copies(session(), current_staff_id())
    own = [row_of(one) for one in drafts if one.author == current_staff_id()]
    return render_staff(
        "desk/today.html",
        own=own,
        unmerged=[_conflict_copy_row(draft, staff_time(copy.at)) for copy, draft in copies],
        shortcuts=_shortcuts(),
        sections=sections(row_of),
        cards=cards("desk"),
        moment_words=_moment_words(),
    )


@staff.get("/edit/")
def index() -> Response:
    """Every text by kind, with its state and a search; open drafts stand first."""
    known = kinds()
    kind = request.args.get("kind", "")
    kind = kind if kind in known else known[0]
    query = " ".join(request.args.get("q", "")[:LONGEST_QUERY].split())
    state = request.args.get("state", "")
    drafts = {(one.kind, one.slug): one for one in _open_drafts()}
    rows = _rows(kind, query, state if state in STATES else "", drafts)
    page = _page_number(len(rows))
    return render_staff(
        "desk/index.html",
        kinds=[_kind_chip(one, current=kind) for one in known],
        kind=kind,
        label=plural(kind),
        one=singular(kind),
        rows=rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        found=len(rows),
        page=page,
        pages=-(-len(rows) // PAGE_SIZE),
        query=query,
        state=state,
        states=[{"value": "", "label": _("All")}, *({"value": one, "label": state_words(one)} for one in STATES)],
        crumbs=crumbs()[:-1],
        may_write=may("write"),
    )


@staff.get("/edit/<kind>/<slug>")
def document(kind: str, slug: str) -> Response:
    """One page of the site: its state, its draft if there is one, and what can be done."""
    found = document_or_404(kind, slug)
    draft = open_draft_of(session(), kind, slug)
    state = state_of(found)
    return render_staff(
        "desk/document.html",
        document=found,
        title=found.title(language()),
        state=state,
        state_words=state_words(state),
        draft=row_of(draft) if draft else None,
        address=address_of(found),
        is_public=state == "public",
        languages=[_language_row(found, code) for code in plain_catalogue().site.language_codes],
        scheduled=[formatting.day_clock(one.at.astimezone(office_zone()), language()) for one in found.scheduled],
        crumbs=crumbs(kind),
        may_edit=may("write") or may("translate"),
        may_withdraw=may("write") and state == "public",
    )


def row_of(draft: Draft) -> dict[str, Any]:
    """A draft as lists show it."""
    return {
        "title": title_of(draft),
        "kind": singular(draft.kind),
        "href": url("desk.edit", id_=draft.id),
        "state": draft.state,
        "pill": {WRITING: "draft", REVIEW: "review", APPROVED: "current", PUBLISHING: "soon"}.get(draft.state, "draft"),
        "words": state_label(draft.state),
        "detail": _("%(name)s, %(time)s", name=staff_name(draft.editor), time=staff_time(draft.edited_at)),
        "is_new": draft.is_new,
    }


def title_of(draft: Draft) -> str:
    """The title that a draft gives its page, or the name in the address while there is none."""
    front = mapping_of(split_words_file(draft.files.get(f"{PRIMARY_LANGUAGE}.md", ""))[0])
    return str(front.get("title") or draft.slug)


def state_of(document: Document) -> str:
    """`public`, `waiting` for its time, `draft` or `withdrawn`."""
    version = request_clock().version_of(document)
    if version.facts.status != "published":
        return str(version.facts.status)
    return "public" if request_clock().shows(version) else "waiting"


def state_words(state: str) -> str:
    """The state of a served page in words."""
    return {
        "public": _("Public"),
        "waiting": _("Not public at this time"),
        "draft": _("Kept back"),
        "withdrawn": _("Withdrawn"),
        "open": _("Being worked on"),
    }.get(state, state)


def _conflict_copy_row(draft: Draft, time: str) -> dict[str, Any]:
    href = url("desk.merge", id_=draft.id)
    return {**row_of(draft), "href": href, "detail": _("typed %(time)s", time=time)}


def _shortcuts() -> list[dict[str, str]]:
    """What is begun most often or in the greatest hurry, as far as this person may."""
    table = permission_table()
    offered = [
        shortcut for shortcut in cards("desk-shortcuts") if may(shortcut.permission or table.needed(shortcut.endpoint))
    ]
    return [{"href": url(one.endpoint), "label": _(one.label), "style": one.style} for one in offered]


def _open_drafts() -> list[Draft]:
    known = portal().types
    query = select(Draft).where(Draft.state.in_(OPEN_STATES)).order_by(Draft.edited_at.desc()).limit(500)
    return [one for one in session().scalars(query) if one.kind in known]


def _rows(kind: str, query: str, state: str, drafts: dict[tuple[str, str], Draft]) -> list[dict[str, Any]]:
    wanted = query.casefold().split()
    rows = [_fresh_row(one) for (of_kind, _slug), one in drafts.items() if of_kind == kind and one.is_new]
    for document in sorted(plain_catalogue().all(kind), key=lambda one: one.title(language()).casefold()):
        draft = drafts.get((kind, document.slug))
        found = state_of(document)
        rows.append(
            {
                "title": document.title(language()),
                "slug": document.slug,
                "href": url("desk.document", kind=kind, slug=document.slug),
                "state": found,
                "words": state_words(found),
                "draft": row_of(draft) if draft else None,
                "lacks": [code for code in plain_catalogue().site.language_codes if code not in document.words],
                "text": _searched(document),
            }
        )
    rows = [row for row in rows if all(word in row["text"] for word in wanted)]
    if state:
        rows = [row for row in rows if (row["draft"] if state == "open" else row["state"] == state)]
    return sorted(rows, key=lambda row: row["draft"] is None)


def _fresh_row(draft: Draft) -> dict[str, Any]:
    shown = row_of(draft)
    return {
        "title": shown["title"],
        "slug": draft.slug,
        "href": shown["href"],
        "state": "",
        "words": _("New"),
        "draft": shown,
        "lacks": [],
        "text": f"{shown['title']} {draft.slug}".casefold(),
    }


def _searched(document: Document) -> str:
    pieces: Iterable[str] = (f"{words.title} {words.summary}" for words in document.words.values())
    return " ".join([document.slug, *pieces]).casefold()


def _kind_chip(kind: str, *, current: str) -> dict[str, Any]:
    count = len(plain_catalogue().all(kind))
    return {
        "label": plural(kind),
        "href": url("desk.index") + f"?kind={kind}",
        "current": kind == current,
        "count": count,
    }


def _language_row(document: Document, code: str) -> dict[str, Any]:
    names = {one.code: one.name for one in plain_catalogue().site.languages}
    if code not in document.words:
        return {"name": names[code], "state": "missing", "words": _("Missing")}
    if document.is_outdated(code):
        return {"name": names[code], "state": "outdated", "words": _("Behind the Indonesian text")}
    return {"name": names[code], "state": "current", "words": _("Current")}


def _page_number(count: int) -> int:
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    return min(max(number, 1), max(1, -(-count // PAGE_SIZE)))


def _moment_words() -> str:
    return formatting.day(request_clock().now.date(), language(), weekday=True)
