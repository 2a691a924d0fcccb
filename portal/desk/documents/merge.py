"""Two texts of one page: theirs and mine by field, what can be joined is joined, and neither is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, staff_name
from portal.content_forms import schema
from portal.content_forms.labels import field_label
from portal.content_forms.widgets import clean
from portal.desk.blueprint import crumbs, draft_or_404, form_of, served, staff
from portal.desk.dashboard.today import title_of
from portal.desk.documents.edit import WRITABLE
from portal.desk.documents.findings import id_of
from portal.drafts.drafts import (
    DraftClosed,
    DraftOvertaken,
    Opened,
    Texts,
    begin,
    conflict_copies_of,
    finalize,
    move_conflict_copies,
)
from portal.drafts.merge import BOTH, MINE, THEIRS, Difference, differences, merged, text_of
from portal.drafts.models import PUBLISHING, ConflictCopy, Draft
from portal.drafts.word_diff import spaced_words
from portal.web.clock import real_instant
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services, staff_time
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {"desk.merge": "translate", "desk.settle_merge": "translate"}


@dataclass(frozen=True)
class Sides:
    """Three texts of a page: what stood before, mine, and theirs, with whose theirs are."""

    base: Texts
    mine: Texts
    theirs: Texts
    theirs_words: str
    conflict_copy: ConflictCopy | None = None
    served: Opened | None = None


@staff.get("/drafts/<id_>/merge")
def merge(id_: str) -> AnyResponse:
    """Both texts, field by field."""
    draft = draft_or_404(id_)
    if draft.state not in WRITABLE:
        return redirect(_beside_another(draft), 303)
    sides = _sides(draft)
    if sides is None:
        return redirect(url("desk.edit", id_=draft.id), 303)
    return _page(draft, sides, errors={})


@staff.post("/drafts/<id_>/merge")
def settle_merge(id_: str) -> AnyResponse:
    """Save what was chosen; a field without a choice is asked for again."""
    draft = draft_or_404(id_)
    sides = _sides(draft)
    if sides is None:
        return redirect(url("desk.edit", id_=draft.id), 303)
    form = form_of(draft.kind)
    found = differences(form, sides.base, sides.mine, sides.theirs)
    choices = {one.name: request.form.get(f"choice-{one.name}") or one.suggestion for one in found}
    texts = {one.name: clean(request.form.get(f"text-{one.name}", one.joined)) for one in found if one.can_join}
    open_ones = [one for one in found if not _is_chosen(one, choices[one.name])]
    if open_ones:
        message = _("Choose which text stays.")
        return _page(draft, sides, errors={one.name: message for one in open_ones}, choices=choices, status=422)
    version = request.form.get("version", "")
    try:
        saved = finalize(
            session(),
            draft.id,
            version=int(version) if version.isdecimal() and len(version) < 9 else draft.version,
            files=merged(form, found, sides.theirs, choices, texts),
            who=current_staff_id(),
            now=real_instant(),
            conflict_copy=sides.conflict_copy.id if sides.conflict_copy else "",
            served=sides.served,
        )
    except DraftOvertaken as overtaken:
        return redirect(url("desk.merge", id_=draft.id) + f"?of={overtaken.conflict_copy.id}", 303)
    except DraftClosed:
        return redirect(url("desk.edit", id_=draft.id), 303)
    staff_services().record("editing.merge", draft.key)
    return redirect(url("desk.edit", id_=saved.id) + "#saved", 303)


def _beside_another(draft: Draft) -> str:
    """Where a text waits whose draft was closed before its author came back: beside a new draft of the page."""
    if draft.state == PUBLISHING or not conflict_copies_of(session(), draft.id, current_staff_id()):
        return url("desk.edit", id_=draft.id)
    opened = served(draft.kind, draft.slug)
    fresh = begin(
        session(),
        kind=draft.kind,
        slug=draft.slug,
        files=opened.files if opened else draft.files,
        base_files=opened.files if opened else {},
        base=opened.base if opened else "",
        who=current_staff_id(),
        now=real_instant(),
    )
    move_conflict_copies(session(), draft.id, fresh.id, who=current_staff_id())
    return url("desk.merge", id_=fresh.id)


def _sides(draft: Draft) -> Sides | None:
    """What is to be merged: kept texts of this person, else what was published since the draft began."""
    waiting = conflict_copies_of(session(), draft.id, current_staff_id())
    asked = request.args.get("of", "")
    found = next((one for one in waiting if one.id == asked), waiting[0] if waiting else None)
    if found is not None:
        words = _("%(name)s, saved %(time)s", name=staff_name(draft.editor), time=staff_time(draft.edited_at))
        return Sides(found.base_files, found.files, draft.files, words, conflict_copy=found)
    opened = served(draft.kind, draft.slug)
    if opened is None or opened.files == draft.base_files:
        return None
    return Sides(draft.base_files, draft.files, opened.files, _("The page as it is published now"), served=opened)


def _is_chosen(one: Difference, choice: str) -> bool:
    return choice in (MINE, THEIRS) or (choice == BOTH and one.can_join)


def _page(
    draft: Draft, sides: Sides, *, errors: dict[str, str], choices: dict[str, str] | None = None, status: int = 200
) -> Response:
    found = differences(form_of(draft.kind), sides.base, sides.mine, sides.theirs)
    if not found:
        # Nothing differs any more: only the base has to be brought up to date.
        finalize(
            session(),
            draft.id,
            version=draft.version,
            files=draft.files,
            who=current_staff_id(),
            now=real_instant(),
            conflict_copy=sides.conflict_copy.id if sides.conflict_copy else "",
            served=sides.served,
        )
        abort(redirect(url("desk.edit", id_=draft.id), 303))
    return render_staff(
        "desk/merge.html",
        status=status,
        draft=draft,
        title=title_of(draft),
        theirs_words=sides.theirs_words,
        of=sides.conflict_copy.id if sides.conflict_copy else "",
        items=[_shown(draft, one, choices or {}) for one in found],
        errors=errors,
        summary=[
            {"message": f"{_label(draft, name)}: {text}", "href": "#" + id_of(name)} for name, text in errors.items()
        ],
        crumbs=crumbs(draft.kind, title=title_of(draft), href=url("desk.edit", id_=draft.id)),
    )


def _shown(draft: Draft, one: Difference, choices: dict[str, str]) -> dict[str, Any]:
    base = text_of(one.base)
    return {
        "name": one.name,
        "id": id_of(one.name),
        "label": _label(draft, one.name),
        "mine": spaced_words(base, text_of(one.mine)),
        "theirs": spaced_words(base, text_of(one.theirs)),
        "is_conflict": one.is_conflict,
        "can_join": one.can_join,
        "joined": one.joined if one.can_join else "",
        "has_doubles": one.can_join and one.has_doubles,
        "is_long": one.field.widget == schema.BODY,
        "choice": choices.get(one.name) or one.suggestion,
    }


def _label(draft: Draft, name: str) -> str:
    part, _dot, key = name.partition(".")
    words = _(field_label(portal().types[draft.kind], name).text)
    names = {one.code: one.name for one in plain_catalogue().site.languages}
    inner = key.split(".")[-1]
    if inner in names:
        words = f"{words} ({names[inner]})"
    return f"{words} ({names[part]})" if part in names else words
