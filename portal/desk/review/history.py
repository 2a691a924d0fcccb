"""What became of a page: every published change with its words, older texts brought back, pages taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, abort, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff, current_staff_id, may, person_of, staff_name
from portal.content.document import DocumentFacts
from portal.content.problems import ContentError
from portal.content.sources.repository import ContentRepository
from portal.content.yaml_editing import rewritten
from portal.desk.blueprint import crumbs, document_or_404, staff, type_or_404
from portal.desk.review.comparison import changes_of
from portal.drafts import workflow
from portal.drafts.drafts import begin, open_draft_of
from portal.drafts.models import REVIEW
from portal.languages import formatting
from portal.publishing import history as past
from portal.publishing import wiring
from portal.publishing.edits import Edit
from portal.publishing.models import Publication
from portal.publishing.reconcile import unpushed
from portal.publishing.scheduled import FACTS
from portal.publishing.wiring import REFUSALS, no_repository_message, publish_edit, refusal_message
from portal.web.clock import office_zone, real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import NotPublished, render_staff, staff_services, staff_time
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {
    "desk.publications": "read",
    "desk.history": "read",
    "desk.version": "read",
    "desk.compare": "read",
    "desk.restore": "write",
    "desk.restore_now": "publish",
    "desk.withdraw": "write",
    "desk.withdraw_page": "write",
}
COMMIT = re.compile(r"[0-9a-f]{40}")
MOST_SKIPPED = 100_000


@staff.get("/history")
def publications() -> Response:
    """The newest publications of all pages, and whether the other copy of the content has them."""
    rows = session().scalars(select(Publication).order_by(Publication.started_at.desc()).limit(50)).all()
    waiting = unpushed(session()) if portal().settings.content_remote else None
    return render_staff(
        "desk/publications.html",
        rows=[_publication_row(one) for one in rows],
        waiting=waiting,
        waiting_since=staff_time(waiting.since) if waiting else "",
        has_remote=bool(portal().settings.content_remote),
        no_repository="" if wiring.can_publish() else no_repository_message(),
    )


def _publication_row(one: Publication) -> dict[str, Any]:
    keys = sorted({"/".join(path.split("/")[:2]) for path in one.paths})
    words = {"done": _("Published"), "failed": _("Not published"), "publishing": _("Being published")}
    first = keys[0] if keys else ""
    kind, _slash, slug = first.partition("/")
    known = kind in portal().types and plain_catalogue().get(kind, slug) is not None
    return {
        "reason": one.reason,
        "detail": _("%(name)s, %(time)s", name=staff_name(one.author), time=staff_time(one.started_at)),
        "state": {"done": "current", "failed": "bad"}.get(one.state, "soon"),
        "words": words.get(one.state, one.state),
        "href": url("desk.history", kind=kind, slug=slug) if known else "",
    }


@staff.get("/edit/<kind>/<slug>/history")
def history(kind: str, slug: str) -> Response:
    """Who changed the page, when and why."""
    key = _key_or_404(kind, slug)
    asked = request.args.get("skip", "")
    skip = min(int(asked), MOST_SKIPPED) if asked.isdecimal() and len(asked) < 9 else 0
    found: list[past.Entry] = []
    if wiring.can_publish():
        with _repository() as repository:
            found = list(past.entries(repository, key, limit=past.SHOWN + 1, skip=skip))
    shown = found[: past.SHOWN]
    return render_staff(
        "desk/history.html",
        title=_title(kind, slug),
        key=key,
        rows=[_entry_row(kind, slug, entry) for entry in shown],
        older=f"?skip={skip + past.SHOWN}" if len(found) > past.SHOWN else "",
        no_repository="" if wiring.can_publish() else no_repository_message(),
        crumbs=_crumbs(kind, slug),
        compare_href=url("desk.compare", kind=kind, slug=slug),
    )


@staff.get("/edit/<kind>/<slug>/history/<commit>")
def version(kind: str, slug: str, commit: str) -> Response:
    """One published change: its words, and the way back to the texts of then."""
    return _version_page(kind, slug, _state_or_404(kind, slug, commit))


@staff.get("/edit/<kind>/<slug>/compare")
def compare(kind: str, slug: str) -> Response:
    """What differs between two published states of a page, or between one of them and now."""
    key = _key_or_404(kind, slug)
    old = _state_or_404(kind, slug, request.args.get("from", ""))
    asked = request.args.get("to", "")
    new = _state_or_404(kind, slug, asked) if asked and asked != "now" else None
    texts = new.texts if new else _texts_now(key)
    return render_staff(
        "desk/compare.html",
        title=_title(kind, slug),
        old=staff_time(old.entry.at),
        new=staff_time(new.entry.at) if new else _("now"),
        groups=changes_of(kind, old.texts, texts),
        crumbs=_crumbs(kind, slug, with_history=True),
    )


@staff.post("/edit/<kind>/<slug>/history/<commit>/restore")
def restore(kind: str, slug: str, commit: str) -> AnyResponse:
    """Begin a draft with the texts of then."""
    state = _state_or_404(kind, slug, commit)
    if open_draft_of(session(), kind, slug) is not None:
        return _version_page(kind, slug, state, _("Somebody works on this page. Finish or discard that draft first."))
    reason = _restored_words(state)
    draft = _begin(kind, slug, state.texts, reason=reason)
    staff_services().record("editing.restore", f"{kind}/{slug}#{state.entry.commit[:12]}")
    return redirect(url("desk.review", id_=draft), 303)


@staff.post("/edit/<kind>/<slug>/history/<commit>/restore-now")
def restore_now(kind: str, slug: str, commit: str) -> AnyResponse:
    """Publish the texts of then as a new revision at once: they were published before."""
    state = _state_or_404(kind, slug, commit)
    key, now = f"{kind}/{slug}", _texts_now(f"{kind}/{slug}")
    names = {*now, *state.texts}
    me = current_staff()
    edit = Edit(
        author=me.id,
        person=person_of(me),
        reason=f"{key}: {_restored_words(state)}",
        changes={f"{key}/{name}": state.texts.get(name) for name in names if now.get(name) != state.texts.get(name)},
        seen={f"{key}/{name}": now.get(name) for name in names},
    )
    if not edit.changes:
        return _version_page(kind, slug, state, _("These are the texts that readers see now."))
    try:
        publish_edit(edit)
    except (NotPublished, *REFUSALS) as refused:
        told = str(refused) if isinstance(refused, NotPublished) else refusal_message(refused)
        return _version_page(kind, slug, state, told)
    staff_services().record("editing.restore-now", f"{key}#{state.entry.commit[:12]}")
    return redirect(url("desk.history", kind=kind, slug=slug), 303)


@staff.get("/edit/<kind>/<slug>/withdraw")
def withdraw(kind: str, slug: str) -> Response:
    """The form by which a page is taken back."""
    return _withdraw_page(kind, slug, {})


@staff.post("/edit/<kind>/<slug>/withdraw")
def withdraw_page(kind: str, slug: str) -> AnyResponse:
    """Begin the withdrawal of a page and send it to review."""
    document = document_or_404(kind, slug)
    codes = plain_catalogue().site.language_codes
    reasons = {code: " ".join(request.form.get(f"reason-{code}", "").split())[:300] for code in codes}
    successor = request.form.get("successor", "").strip()
    errors: dict[str, str] = {}
    if not reasons[codes[0]]:
        errors[f"reason-{codes[0]}"] = _("Tell readers in one sentence why the page is no longer valid.")
    if successor and (plain_catalogue().find(successor) is None or successor == document.key):
        errors["successor"] = _("There is no page “%(what)s”. Choose another.", what=successor)
    if open_draft_of(session(), kind, slug) is not None:
        errors["form"] = _("Somebody works on this page. Finish or discard that draft first.")
    now = _texts_now(document.key)
    if not errors:
        try:
            texts = _withdrawn(kind, now, {code: text for code, text in reasons.items() if text}, successor)
        except ContentError as broken:
            errors["form"] = "; ".join(problem.message for problem in broken.problems)
    if errors:
        return _withdraw_page(kind, slug, errors)
    draft = _begin(kind, slug, texts, reason=reasons[codes[0]])
    staff_services().record("editing.withdraw", document.key)
    return redirect(url("desk.review", id_=draft), 303)


def _withdrawn(kind: str, texts: dict[str, str], reasons: dict[str, str], successor: str) -> dict[str, str]:
    def edit(values: Any, _facts: DocumentFacts) -> None:
        values["status"] = "withdrawn"
        values["withdrawn"] = {"reason": reasons} | ({"successor": successor} if successor else {})

    text = rewritten(texts[FACTS], type_or_404(kind).facts, edit, zone=office_zone(), path=FACTS)
    return {**texts, FACTS: text}


def _begin(kind: str, slug: str, texts: dict[str, str], *, reason: str) -> str:
    """A draft with these texts that waits for its review; gives its id."""
    me, now, key = current_staff_id(), real_instant(), f"{kind}/{slug}"
    with _repository() as repository:
        head = repository.head()
    base_files = _texts_now(key)
    draft = begin(session(), kind=kind, slug=slug, files=texts, base_files=base_files, base=head, who=me, now=now)
    if draft.state != REVIEW:
        workflow.send_to_review(session(), draft.id, version=draft.version, reason=reason, now=now)
    return draft.id


def _version_page(kind: str, slug: str, state: past.State, error: str = "") -> Response:
    entry = state.entry
    key = f"{kind}/{slug}"
    return render_staff(
        "desk/version.html",
        status=409 if error else 200,
        title=_title(kind, slug),
        entry=entry,
        at=staff_time(entry.at),
        groups=changes_of(kind, state.before, state.texts),
        is_now=_texts_now(key) == state.texts,
        error=error,
        can_restore=may("write"),
        can_restore_now=may("publish"),
        kind=kind,
        slug=slug,
        compare_href=url("desk.compare", kind=kind, slug=slug) + f"?from={entry.commit}&to=now",
        crumbs=_crumbs(kind, slug, with_history=True),
    )


def _withdraw_page(kind: str, slug: str, errors: dict[str, str]) -> Response:
    document = document_or_404(kind, slug)
    keys = [one.key for of in plain_catalogue().kinds() for one in plain_catalogue().all(of)]
    return render_staff(
        "desk/withdraw.html",
        status=422 if errors else 200,
        title=document.title(language()),
        document=document,
        errors=errors,
        summary=[{"message": words, "href": f"#field-{name}"} for name, words in errors.items()],
        typed=request.form,
        keys=[key for key in keys if key != document.key],
        crumbs=_crumbs(kind, slug),
    )


def _entry_row(kind: str, slug: str, entry: past.Entry) -> dict[str, Any]:
    reason = entry.reason.removeprefix(f"{kind}/{slug}: ")
    approved = _("approved by %(name)s", name=entry.approved_by) if entry.approved_by else ""
    return {
        "href": url("desk.version", kind=kind, slug=slug, commit=entry.commit),
        "commit": entry.commit,
        "when": staff_time(entry.at),
        "iso": entry.at.isoformat(),
        "reason": reason.splitlines()[0] if reason else _("no reason was given"),
        "who": ", ".join(filter(None, (entry.author, approved))),
    }


def _restored_words(state: past.State) -> str:
    day = formatting.day(state.entry.at.astimezone(office_zone()).date(), language())
    return _("Text of %(day)s brought back", day=day)


def _title(kind: str, slug: str) -> str:
    document = plain_catalogue().get(kind, slug)
    return document.title(language()) if document else f"{kind}/{slug}"


def _key_or_404(kind: str, slug: str) -> str:
    document_or_404(kind, slug)
    return f"{kind}/{slug}"


def _state_or_404(kind: str, slug: str, commit: str) -> past.State:
    key = _key_or_404(kind, slug)
    if not wiring.can_publish() or not COMMIT.fullmatch(commit):
        abort(404)
    with _repository() as repository:
        found = past.state(wiring.publisher(), repository, key, commit)
    if found is None or not (found.texts or found.before):
        abort(404)
    return found


def _texts_now(key: str) -> dict[str, str]:
    if not wiring.can_publish():
        abort(404)
    with _repository() as repository:
        return past.texts_now(wiring.publisher(), repository, key, now=request_clock().now)


@contextmanager
def _repository() -> Iterator[ContentRepository]:
    opened = wiring.publisher().repository()
    try:
        yield opened
    finally:
        opened.close()


def _crumbs(kind: str, slug: str, *, with_history: bool = False) -> list[Any]:
    links = crumbs(kind, title=_title(kind, slug), href=url("desk.document", kind=kind, slug=slug))
    if with_history:
        links.append({"label": _("History"), "href": url("desk.history", kind=kind, slug=slug)})
    return links


def history_label() -> str:
    """The word of the desk's list."""
    return _("History")
