"""The matrix of translations, and one translation beside the paragraphs that changed since it was made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, abort, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may, staff_name
from portal.content.document import PRIMARY_LANGUAGE, Document
from portal.content_forms.document_form import stamp_translation
from portal.desk.blueprint import crumbs, document_or_404, served, staff
from portal.desk.kinds import kinds, singular
from portal.drafts import translation_status, workflow
from portal.drafts.drafts import begin, open_draft_of, save, to_be_published
from portal.drafts.models import OPEN_STATES, Draft
from portal.drafts.translation_status import CURRENT, DRAFT, IN_REVIEW, MISSING, OUTDATED, TO_DO, Difference
from portal.publishing import wiring
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import session

PERMISSIONS = {
    "desk.translations": "read",
    "desk.translation": "read",
    "desk.unaffected": "translate",
}
PAGE_SIZE = 50
LONGEST_REASON = 400
TODO, MINE, ALL = "todo", "mine", "all"
FILTERS = (TODO, OUTDATED, MISSING, DRAFT, IN_REVIEW, MINE, ALL)
STATES = (CURRENT, OUTDATED, DRAFT, IN_REVIEW, MISSING)


def translations_label() -> str:
    """The name of the matrix in the desk's list."""
    return _("Translations")


def outdated_count() -> int:
    """How many translations are behind, for whoever may translate."""
    if not may("translate"):
        return 0
    return sum(OUTDATED in states.values() for _document, _draft, states in judged())


@staff.get("/translations/")
def translations() -> Response:
    """Every page by language: what is missing, being written, in review, current or behind."""
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in FILTERS else TODO
    every = list(judged())
    counts = {name: sum(1 for one in every if _fits(one, name)) for name in FILTERS}
    shown = [one for one in every if _fits(one, chosen)]
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    asked = request.args.get("page", "1")
    page = min(max(int(asked) if asked.isdecimal() and len(asked) < 6 else 1, 1), pages)
    return render_staff(
        "desk/translations.html",
        chips=[_chip(name, counts[name], current=name == chosen) for name in FILTERS],
        languages=_languages(),
        rows=[_row(*one) for one in shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
        found=len(shown),
        page=page,
        pages=pages,
        chosen=chosen,
        legend=[
            {"state": _pill(one), "words": state_words(one)} for one in (CURRENT, OUTDATED, DRAFT, IN_REVIEW, MISSING)
        ],
    )


@staff.get("/translations/<kind>/<slug>/<code>")
def translation(kind: str, slug: str, code: str) -> Response:
    """The paragraphs of the Indonesian text that changed since this translation was made, beside it."""
    return _page(kind, slug, code, error="")


@staff.post("/translations/<kind>/<slug>/<code>/unaffected")
def unaffected(kind: str, slug: str, code: str) -> AnyResponse:
    """Say, with a reason, that a change of the original changes nothing here; somebody else looks at it."""
    document = _translated_or_404(kind, slug, code)
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    if not reason:
        return _page(kind, slug, code, error=_("Say why the change does not affect this language."))
    opened = served(kind, slug)
    if opened is None or open_draft_of(session(), kind, slug) is not None:
        return redirect(url("desk.translation", kind=kind, slug=slug, code=code), 303)
    now, name = real_instant(), f"{code}.md"
    draft = begin(
        session(),
        kind=kind,
        slug=slug,
        files=to_be_published(opened.files),
        base_files=opened.files,
        base=opened.base,
        who=current_staff_id(),
        now=now,
    )
    draft = save(
        session(),
        draft.id,
        version=draft.version,
        files={**draft.files, name: stamp_translation(draft.files[name], draft.files[f"{PRIMARY_LANGUAGE}.md"])},
        base_files=draft.files,
        who=current_staff_id(),
        now=now,
    )
    words = _("Does not affect %(language)s: %(reason)s", language=_language_name(code), reason=reason)
    workflow.send_to_review(session(), draft.id, version=draft.version, reason=words, now=now)
    staff_services().record("editing.unaffected", document.key)
    return redirect(url("desk.review", id_=draft.id), 303)


def state_words(state: str) -> str:
    """The state of a translation in words."""
    return {
        MISSING: _("Missing"),
        DRAFT: _("Draft"),
        IN_REVIEW: _("In review"),
        CURRENT: _("Current"),
        OUTDATED: _("Behind"),
    }[state]


Judged = tuple[Document, Draft | None, dict[str, str]]


def judged() -> Iterable[Judged]:
    """Every page that readers see or will see, with its open draft and the states of its translations."""
    query = select(Draft).where(Draft.state.in_(OPEN_STATES))
    drafts = {(one.kind, one.slug): one for one in session().scalars(query)}
    codes = [code for code in plain_catalogue().site.language_codes if code != PRIMARY_LANGUAGE]
    for kind in kinds():
        for document in plain_catalogue().all(kind):
            version = request_clock().version_of(document)
            if version.facts.status != "published":
                continue
            draft = drafts.get((kind, document.slug))
            yield version, draft, {code: translation_status.state_of(version, draft, code) for code in codes}


def _fits(one: Judged, name: str) -> bool:
    _document, draft, states = one
    found = set(states.values())
    if name == TODO:
        return not found.isdisjoint(TO_DO)
    if name == MINE:
        return draft is not None and current_staff_id() in (draft.author, draft.editor)
    return name == ALL or name in found


def _chip(name: str, count: int, *, current: bool) -> dict[str, Any]:
    labels = {TODO: _("To do"), MINE: _("Mine"), ALL: _("All")}
    label = labels.get(name) or state_words(name)
    return {"label": label, "count": count, "href": url("desk.translations") + f"?show={name}", "current": current}


def _languages() -> list[dict[str, str]]:
    return [{"code": one.code, "label": one.name} for one in plain_catalogue().site.languages]


def _language_name(code: str) -> str:
    return next((one.name for one in plain_catalogue().site.languages if one.code == code), code)


def _pill(state: str) -> str:
    return {MISSING: "missing", DRAFT: "draft", IN_REVIEW: "review", CURRENT: "current", OUTDATED: "outdated"}[state]


def _row(document: Document, draft: Draft | None, states: dict[str, str]) -> dict[str, Any]:
    cells = [{"state": "done", "words": _("Original")}]
    cells += [{"state": _pill(state), "words": state_words(state)} for state in states.values()]
    behind = next((code for code, state in states.items() if state in TO_DO), "")
    row: dict[str, Any] = {
        "title": document.title(language()),
        "href": url("desk.document", kind=document.kind, slug=document.slug),
        "kind": singular(document.kind),
        "cells": cells,
        "differs": _differs(document, behind) if states.get(behind) == OUTDATED else "",
        "holder": staff_name(draft.editor) if draft else document.facts.owner,
    }
    if behind:
        compared = states[behind] == OUTDATED
        href = url("desk.translation", kind=document.kind, slug=document.slug, code=behind)
        row["action"] = {"label": _("Compare") if compared else _("Translate"), "href": href}
    return row


def _differs(document: Document, code: str) -> str:
    found = _differences(document, code)
    if found is None:
        return _("not known")
    return ngettext("%(num)d paragraph", "%(num)d paragraphs", len(found))


def _differences(document: Document, code: str) -> list[Difference] | None:
    """What changed since the translation was made; nothing when its original is not in the history."""
    if not wiring.can_publish():
        return None
    repository = wiring.publisher().repository()
    try:
        before = translation_status.translated_from(repository, document.key, document.words[code].translates)
    finally:
        repository.close()
    if before is None:
        return None
    now = document.bodies[PRIMARY_LANGUAGE].paragraphs
    return translation_status.differences(before, now, document.bodies[code].paragraphs)


def _translated_or_404(kind: str, slug: str, code: str) -> Document:
    document = request_clock().version_of(document_or_404(kind, slug))
    if code == PRIMARY_LANGUAGE or code not in plain_catalogue().site.language_codes:
        abort(404)
    return document


def _page(kind: str, slug: str, code: str, *, error: str) -> Response:
    document = _translated_or_404(kind, slug, code)
    draft = open_draft_of(session(), kind, slug)
    state = translation_status.state_of(document, draft, code)
    found = _differences(document, code) if code in document.words and document.is_outdated(code) else []
    return render_staff(
        "desk/translation.html",
        status=422 if error else 200,
        document=document,
        code=code,
        title=document.title(PRIMARY_LANGUAGE),
        language_name=_language_name(code),
        original_name=_language_name(PRIMARY_LANGUAGE),
        state=_pill(state),
        state_words=state_words(state),
        is_behind=code in document.words and document.is_outdated(code),
        items=found,
        original=document.bodies[PRIMARY_LANGUAGE].paragraphs,
        translated=document.bodies[code].paragraphs if code in document.words else (),
        draft=draft,
        may_translate=may("translate"),
        error=error,
        reason=request.form.get("reason", "")[:LONGEST_REASON],
        longest=LONGEST_REASON,
        crumbs=[{"label": _("Translations"), "href": url("desk.translations")}, *crumbs(kind)[1:]],
    )
