"""The list of documents of one kind, with a search and a filter by state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request

from portal.accounts.people import may
from portal.content.document import Document
from portal.desk.blueprint import crumbs, page_number, staff
from portal.desk.documents.states import STATES, document_state, document_state_label
from portal.desk.draft_rows import DraftRow, draft_row
from portal.desk.kinds import kinds, plural, singular
from portal.drafts.models import Draft
from portal.drafts.queries import open_drafts
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff
from portal.web.transactions import session

PAGE_SIZE = 50
LONGEST_QUERY = 100
MOST_DRAFTS = 500
PERMISSIONS = {"desk.index": "read"}


@dataclass(frozen=True)
class DocumentRow:
    """A document, or a new page of which there is only a draft; `missing` are the languages without words."""

    title: str
    slug: str
    href: str
    state: str
    words: str
    draft: DraftRow | None
    missing: list[str]
    searched: str


@staff.get("/edit/")
def index() -> Response:
    """Every document of a kind, those with an open draft first."""
    known = kinds()
    kind = request.args.get("kind", "")
    kind = kind if kind in known else known[0]
    query = " ".join(request.args.get("q", "")[:LONGEST_QUERY].split())
    state = request.args.get("state", "")
    rows = _filtered(_rows(kind), query, state if state in STATES else "")
    page, pages = page_number(len(rows), PAGE_SIZE)
    return render_staff(
        "desk/documents/list.html",
        kinds=[_kind_chip(entry, current=kind) for entry in known],
        kind=kind,
        plural=plural(kind),
        singular=singular(kind),
        rows=rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(rows),
        page=page,
        pages=pages,
        query=query,
        state=state,
        states=[
            {"value": "", "label": _("All")},
            *({"value": entry, "label": document_state_label(entry)} for entry in STATES),
        ],
        crumbs=crumbs()[:-1],
        may_write=may("write"),
    )


def _rows(kind: str) -> list[DocumentRow]:
    drafts = {draft.slug: draft for draft in open_drafts(session(), limit=MOST_DRAFTS) if draft.kind == kind}
    documents = sorted(plain_catalogue().all(kind), key=lambda document: document.title(language()).casefold())
    new_pages = [_new_page_row(draft) for draft in drafts.values() if draft.is_new]
    return new_pages + [_document_row(document, drafts) for document in documents]


def _filtered(rows: list[DocumentRow], query: str, state: str) -> list[DocumentRow]:
    words = query.casefold().split()
    rows = [row for row in rows if all(word in row.searched for word in words)]
    if state:
        rows = [row for row in rows if (row.draft if state == "open" else row.state == state)]
    return sorted(rows, key=lambda row: row.draft is None)


def _document_row(document: Document, drafts: Mapping[str, Draft]) -> DocumentRow:
    draft, state = drafts.get(document.slug), document_state(document)
    texts = [document.slug, *(f"{words.title} {words.summary}" for words in document.words.values())]
    return DocumentRow(
        title=document.title(language()),
        slug=document.slug,
        href=url("desk.document", kind=document.kind, slug=document.slug),
        state=state,
        words=document_state_label(state),
        draft=draft_row(draft) if draft else None,
        missing=[code for code in plain_catalogue().site.language_codes if code not in document.words],
        searched=" ".join(texts).casefold(),
    )


def _new_page_row(draft: Draft) -> DocumentRow:
    row = draft_row(draft)
    return DocumentRow(
        title=row.title,
        slug=draft.slug,
        href=row.href,
        state="",
        words=_("New"),
        draft=row,
        missing=[],
        searched=f"{row.title} {draft.slug}".casefold(),
    )


def _kind_chip(kind: str, *, current: str) -> dict[str, object]:
    return {
        "label": plural(kind),
        "href": url("desk.index") + f"?kind={kind}",
        "current": kind == current,
        "count": len(plain_catalogue().all(kind)),
    }
