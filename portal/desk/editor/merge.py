"""Merging two texts of a page field by field: what can be joined is proposed, and neither text is ever lost.

They are a kept text of this person (a conflict copy) and the draft, or the draft and what was published meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, staff_name
from portal.content_forms import schema
from portal.content_forms.labels import field_label
from portal.content_forms.widgets import clean
from portal.desk.begin import begin_again
from portal.desk.blueprint import crumbs, draft_or_404, form_of, served, staff, submitted_version
from portal.desk.draft_rows import draft_title
from portal.desk.editor.edit import WRITABLE
from portal.desk.editor.findings import field_id
from portal.desk.editor.permitted_fields import may_change
from portal.drafts.drafts import (
    DraftClosed,
    DraftOvertaken,
    Opened,
    Texts,
    conflict_copies_of,
    finalize,
    move_conflict_copies,
)
from portal.drafts.merge import BOTH, MINE, THEIRS, Difference, differences, merged, text_of
from portal.drafts.models import PUBLISHING, ConflictCopy, Draft
from portal.drafts.word_diff import Piece, spaced_words
from portal.web.clock import real_instant
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services, staff_time
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {"desk.merge": "translate", "desk.save_merge": "translate"}


@dataclass(frozen=True)
class Sides:
    """Three texts of a page: their common base, mine and theirs; `theirs_label` says whose these are."""

    base: Texts
    mine: Texts
    theirs: Texts
    theirs_label: str
    conflict_copy: ConflictCopy | None = None
    served: Opened | None = None

    @property
    def copy_id(self) -> str:
        """The id of the conflict copy; empty when the published page is the other side."""
        return self.conflict_copy.id if self.conflict_copy else ""


@dataclass(frozen=True)
class MergeRow:
    """One field that differs; `choice` is the side that is chosen or suggested, `joined` the proposal for both."""

    name: str
    id: str
    label: str
    is_locked: bool
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    is_conflict: bool
    can_join: bool
    joined: str
    has_doubles: bool
    is_long: bool
    choice: str


@staff.get("/drafts/<id_>/merge")
def merge(id_: str) -> AnyResponse:
    """Both texts, field by field."""
    draft = draft_or_404(id_)
    if draft.state not in WRITABLE:
        return redirect(_merge_elsewhere(draft), 303)
    sides = _sides(draft)
    if sides is None:
        return redirect(url("desk.edit", id_=draft.id), 303)
    return _page(draft, sides, _differences(draft, sides))


@staff.post("/drafts/<id_>/merge")
def save_merge(id_: str) -> AnyResponse:
    """Save what was chosen; a field without a choice is asked for again."""
    draft = draft_or_404(id_)
    sides = _sides(draft)
    if sides is None:
        return redirect(url("desk.edit", id_=draft.id), 303)
    changes = _differences(draft, sides)
    choices = {
        change.name: (request.form.get(f"choice-{change.name}") or change.suggestion)
        if may_change(change.name)
        else _kept_side(change, sides)
        for change in changes
    }
    texts = {
        change.name: clean(request.form.get(f"text-{change.name}", change.joined))
        for change in changes
        if change.can_join and may_change(change.name)
    }
    unchosen = [change.name for change in changes if not _is_chosen(change, choices[change.name])]
    if unchosen:
        return _page(draft, sides, changes, unchosen=unchosen, choices=choices)
    try:
        files = merged(form_of(draft.kind), changes, sides.theirs, choices, texts)
        version = submitted_version(default=draft.version)
        saved = _finalize(draft, sides, files, version=version, who=current_staff_id())
    except DraftOvertaken as overtaken:
        return redirect(url("desk.merge", id_=draft.id) + f"?of={overtaken.conflict_copy.id}", 303)
    except DraftClosed:
        return redirect(url("desk.edit", id_=draft.id), 303)
    staff_services().record("editing.merge", draft.key)
    return redirect(url("desk.edit", id_=saved.id) + "#saved", 303)


def _merge_elsewhere(draft: Draft) -> str:
    """The address at which the kept texts of a closed draft are merged: beside a new draft of the page."""
    if draft.state == PUBLISHING or not conflict_copies_of(session(), draft.id, current_staff_id()):
        return url("desk.edit", id_=draft.id)
    new_draft = begin_again(draft)
    move_conflict_copies(session(), draft.id, new_draft.id, who=current_staff_id())
    return url("desk.merge", id_=new_draft.id)


def _sides(draft: Draft) -> Sides | None:
    """What is to be merged: a conflict copy of this person, else what was published since the draft began."""
    copies = conflict_copies_of(session(), draft.id, current_staff_id())
    id_ = request.args.get("of", "")
    copy = next((entry for entry in copies if entry.id == id_), copies[0] if copies else None)
    if copy is not None:
        label = _("%(name)s, saved %(time)s", name=staff_name(draft.editor), time=staff_time(draft.edited_at))
        return Sides(copy.base_files, copy.files, draft.files, label, conflict_copy=copy)
    opened = served(draft.kind, draft.slug)
    if opened is None or opened.files == draft.base_files:
        return None
    return Sides(draft.base_files, draft.files, opened.files, _("The page as it is published now"), served=opened)


def _differences(draft: Draft, sides: Sides) -> list[Difference]:
    return differences(form_of(draft.kind), sides.base, sides.mine, sides.theirs)


def _kept_side(change: Difference, sides: Sides) -> str:
    """The side of a field that this person may not change; empty when somebody who may has to choose.

    Beside a kept text the draft stands. Against the published page the side that changed stands.
    """
    if sides.conflict_copy is not None:
        return THEIRS
    return "" if change.is_conflict else change.suggestion


def _is_chosen(change: Difference, choice: str) -> bool:
    return choice in (MINE, THEIRS) or (choice == BOTH and change.can_join)


def _finalize(draft: Draft, sides: Sides, files: Texts, *, version: int, who: str) -> Draft:
    return finalize(
        session(),
        draft.id,
        version=version,
        files=files,
        who=who,
        now=real_instant(),
        conflict_copy=sides.copy_id,
        served=sides.served,
    )


def _page(
    draft: Draft,
    sides: Sides,
    changes: list[Difference],
    *,
    unchosen: list[str] | None = None,
    choices: dict[str, str] | None = None,
) -> AnyResponse:
    if not changes:
        # Nothing differs any more: only the base has to be brought up to date.
        who = draft.editor if sides.served else current_staff_id()
        _finalize(draft, sides, draft.files, version=draft.version, who=who)
        return redirect(url("desk.edit", id_=draft.id), 303)
    choose, other = _("Choose which text stays."), _locked_message()
    errors = {name: choose if may_change(name) else other for name in unchosen or ()}
    choices = choices or {}
    visible = [change for change in changes if may_change(change.name) or change.name in errors]
    return render_staff(
        "desk/editor/merge.html",
        status=422 if errors else 200,
        draft=draft,
        title=draft_title(draft),
        theirs_label=sides.theirs_label,
        of=sides.copy_id,
        rows=[_row(draft, change, choices.get(change.name) or change.suggestion) for change in visible],
        errors=errors,
        summary=[
            {"message": f"{_label(draft, name)}: {message}", "href": "#" + field_id(name)}
            for name, message in errors.items()
        ],
        crumbs=crumbs(draft.kind, title=draft_title(draft), href=url("desk.edit", id_=draft.id)),
    )


def _locked_message() -> str:
    return _(
        "Both changed this field, and your role does not change it. Nothing was saved. "
        "Ask somebody who may write the Indonesian text and the facts to merge the two."
    )


def _row(draft: Draft, change: Difference, choice: str) -> MergeRow:
    base = text_of(change.base)
    return MergeRow(
        name=change.name,
        id=field_id(change.name),
        label=_label(draft, change.name),
        is_locked=not may_change(change.name),
        mine=spaced_words(base, text_of(change.mine)),
        theirs=spaced_words(base, text_of(change.theirs)),
        is_conflict=change.is_conflict,
        can_join=change.can_join,
        joined=change.joined if change.can_join else "",
        has_doubles=change.can_join and change.has_doubles,
        is_long=change.field.widget == schema.BODY,
        choice=choice,
    )


def _label(draft: Draft, name: str) -> str:
    """The label of a field, with the language that it is in."""
    side, _dot, key = name.partition(".")
    label = _(field_label(portal().types[draft.kind], name).text)
    names = {entry.code: entry.name for entry in plain_catalogue().site.languages}
    return " ".join([label, *(f"({names[code]})" for code in (key.split(".")[-1], side) if code in names)])
