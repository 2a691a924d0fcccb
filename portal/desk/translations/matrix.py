"""Every page by language: how far each translation is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from portal.accounts.people import current_staff_id, staff_name
from portal.desk.blueprint import page_number, staff
from portal.desk.kinds import singular
from portal.desk.translations.states import TranslatedPage, differences, translated_pages, translation_label
from portal.drafts.translation_status import CURRENT, DRAFT, IN_REVIEW, MISSING, OUTDATED, TO_DO
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff

PERMISSIONS = {"desk.translations": "read"}
PAGE_SIZE = 50
TODO, MINE, ALL = "todo", "mine", "all"
FILTERS = (TODO, OUTDATED, MISSING, DRAFT, IN_REVIEW, MINE, ALL)
STATES = (CURRENT, OUTDATED, DRAFT, IN_REVIEW, MISSING)


@dataclass(frozen=True)
class MatrixRow:
    """A page with a cell for each language; `differs` says how much of the original changed, `holder` who has it."""

    title: str
    href: str
    kind: str
    cells: list[dict[str, str]]
    differs: str
    holder: str
    action: dict[str, str] | None


@staff.get("/translations/")
def translations() -> Response:
    """What is missing, being written, in review, current or behind."""
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in FILTERS else TODO
    every = list(translated_pages())
    matching = {name: [entry for entry in every if _matches(entry, name)] for name in FILTERS}
    page, pages = page_number(len(matching[chosen]), PAGE_SIZE)
    return render_staff(
        "desk/translations/matrix.html",
        chips=[_chip(name, len(matching[name]), current=name == chosen) for name in FILTERS],
        languages=[{"code": entry.code, "label": entry.name} for entry in plain_catalogue().site.languages],
        rows=[_row(entry) for entry in matching[chosen][(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
        page=page,
        pages=pages,
        chosen=chosen,
        legend=[_cell(state) for state in STATES],
    )


def _matches(page: TranslatedPage, name: str) -> bool:
    states = set(page.states.values())
    if name == TODO:
        return not states.isdisjoint(TO_DO)
    if name == MINE:
        return page.draft is not None and current_staff_id() in (page.draft.author, page.draft.editor)
    return name == ALL or name in states


def _chip(name: str, count: int, *, current: bool) -> dict[str, object]:
    labels = {TODO: _("To do"), MINE: _("Mine"), ALL: _("All")}
    label = labels.get(name) or translation_label(name)
    return {"label": label, "count": count, "href": url("desk.translations") + f"?show={name}", "current": current}


def _cell(state: str) -> dict[str, str]:
    return {"state": state, "words": translation_label(state)}


def _row(page: TranslatedPage) -> MatrixRow:
    document = page.document
    code = next((code for code, state in page.states.items() if state in TO_DO), "")
    is_outdated = page.states.get(code) == OUTDATED
    action = None
    if code:
        href = url("desk.translation", kind=document.kind, slug=document.slug, code=code)
        action = {"label": _("Compare") if is_outdated else _("Translate"), "href": href}
    return MatrixRow(
        document.title(language()),
        url("desk.document", kind=document.kind, slug=document.slug),
        singular(document.kind),
        [{"state": "done", "words": _("Original")}, *(_cell(state) for state in page.states.values())],
        _difference_count(page, code) if is_outdated else "",
        staff_name(page.draft.editor) if page.draft else document.facts.owner,
        action,
    )


def _difference_count(page: TranslatedPage, code: str) -> str:
    changed = differences(page.document, code)
    return _("not known") if changed is None else ngettext("%(num)d paragraph", "%(num)d paragraphs", len(changed))
