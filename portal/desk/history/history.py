"""The history of one page: its published changes, one of them, and what differs between two states."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

from portal.accounts.people import may
from portal.desk.blueprint import staff
from portal.desk.history.versions import (
    key_or_404,
    page_crumbs,
    page_title,
    state_or_404,
    texts_now,
)
from portal.desk.review.comparison import change_groups
from portal.publishing import history as publishing_history
from portal.publishing import wiring
from portal.publishing.history import Entry, State
from portal.publishing.wiring import no_repository_message
from portal.web.forms.fields import whole_number
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.staff import render_staff, staff_time

PERMISSIONS = {"desk.history": "read", "desk.version": "read", "desk.compare": "read"}
MOST_SKIPPED = 100_000


@dataclass(frozen=True)
class HistoryRow:
    """One published change: when, why, and by whom it was written and approved."""

    href: str
    commit: str
    when: str
    iso: str
    reason: str
    people: str


@staff.get("/edit/<kind>/<slug>/history")
def history(kind: str, slug: str) -> Response:
    """Who changed the page, when and why."""
    key, page_size = key_or_404(kind, slug), publishing_history.SHOWN
    skip = min(whole_number(request.args.get("skip", "")) or 0, MOST_SKIPPED)
    entries: list[Entry] = []
    if wiring.can_publish():
        with wiring.content_repository() as repository:
            entries = list(publishing_history.entries(repository, key, limit=page_size + 1, skip=skip))
    return render_staff(
        "desk/history/history.html",
        title=page_title(kind, slug),
        key=key,
        rows=[_row(kind, slug, entry) for entry in entries[:page_size]],
        older=f"?skip={skip + page_size}" if len(entries) > page_size else "",
        no_repository="" if wiring.can_publish() else no_repository_message(),
        crumbs=page_crumbs(kind, slug),
        compare_href=url("desk.compare", kind=kind, slug=slug),
    )


@staff.get("/edit/<kind>/<slug>/history/<commit>")
def version(kind: str, slug: str, commit: str) -> Response:
    """One published change, and how to restore the texts of then."""
    return version_page(kind, slug, state_or_404(kind, slug, commit))


@staff.get("/edit/<kind>/<slug>/compare")
def compare(kind: str, slug: str) -> Response:
    """What differs between two published states of a page, or between one of them and now."""
    key = key_or_404(kind, slug)
    old = state_or_404(kind, slug, request.args.get("from", ""))
    commit = request.args.get("to", "")
    new = state_or_404(kind, slug, commit) if commit and commit != "now" else None
    return render_staff(
        "desk/history/compare.html",
        title=page_title(kind, slug),
        old=staff_time(old.entry.at),
        new=staff_time(new.entry.at) if new else _("now"),
        groups=change_groups(kind, old.texts, new.texts if new else texts_now(key)),
        crumbs=page_crumbs(kind, slug, with_history=True),
    )


def version_page(kind: str, slug: str, state: State, error: str = "") -> Response:
    """The page of one published change, with the reason why its texts were not restored."""
    entry = state.entry
    return render_staff(
        "desk/history/version.html",
        status=409 if error else 200,
        title=page_title(kind, slug),
        entry=entry,
        at=staff_time(entry.at),
        groups=change_groups(kind, state.before, state.texts),
        is_now=texts_now(f"{kind}/{slug}") == state.texts,
        error=error,
        can_restore=may("write"),
        can_restore_now=may("publish"),
        kind=kind,
        slug=slug,
        compare_href=url("desk.compare", kind=kind, slug=slug) + f"?from={entry.commit}&to=now",
        crumbs=page_crumbs(kind, slug, with_history=True),
    )


def _row(kind: str, slug: str, entry: Entry) -> HistoryRow:
    reason = entry.reason.removeprefix(f"{kind}/{slug}: ")
    approved = _("approved by %(name)s", name=entry.approved_by) if entry.approved_by else ""
    return HistoryRow(
        url("desk.version", kind=kind, slug=slug, commit=entry.commit),
        entry.commit,
        staff_time(entry.at),
        entry.at.isoformat(),
        reason.splitlines()[0] if reason else _("no reason was given"),
        ", ".join(filter(None, (entry.author, approved))),
    )
