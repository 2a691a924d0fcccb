"""Published texts of one page, and what the pages of its history share."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import abort

from portal.accounts.people import current_staff_id
from portal.desk.blueprint import crumbs, document_or_404
from portal.drafts import workflow
from portal.drafts.drafts import begin
from portal.drafts.models import REVIEW
from portal.publishing import history, wiring
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import plain_catalogue, url
from portal.web.transactions import session

_COMMIT = re.compile(r"[0-9a-f]{40}")


def key_or_404(kind: str, slug: str) -> str:
    """The key of a served page."""
    return document_or_404(kind, slug).key


def state_or_404(kind: str, slug: str, commit: str) -> history.State:
    """The page before and after a commit that changed it."""
    key = key_or_404(kind, slug)
    if not wiring.can_publish() or not _COMMIT.fullmatch(commit):
        abort(404)
    with wiring.content_repository() as repository:
        state = history.state(wiring.publisher(), repository, key, commit)
    if state is None or not (state.texts or state.before):
        abort(404)
    return state


def texts_now(key: str) -> dict[str, str]:
    """The texts of the page that readers see now."""
    if not wiring.can_publish():
        abort(404)
    with wiring.content_repository() as repository:
        return history.texts_now(wiring.publisher(), repository, key, now=request_clock().now)


def page_title(kind: str, slug: str) -> str:
    """The title of the served page, or its key."""
    document = plain_catalogue().get(kind, slug)
    return document.title(language()) if document else f"{kind}/{slug}"


def page_crumbs(kind: str, slug: str, *, with_history: bool = False) -> list[Link]:
    """The way to a page about one document, past its history when that is above."""
    links = crumbs(kind, title=page_title(kind, slug), href=url("desk.document", kind=kind, slug=slug))
    if with_history:
        links.append({"label": _("History"), "href": url("desk.history", kind=kind, slug=slug)})
    return links


def begin_review(kind: str, slug: str, texts: Mapping[str, str], *, reason: str) -> str:
    """Begin a draft with these texts and send it to review; gives its id."""
    now = real_instant()
    with wiring.content_repository() as repository:
        head = repository.head()
    draft = begin(
        session(),
        kind=kind,
        slug=slug,
        files=texts,
        base_files=texts_now(f"{kind}/{slug}"),
        base=head,
        who=current_staff_id(),
        now=now,
    )
    if draft.state != REVIEW:
        workflow.send_to_review(session(), draft.id, version=draft.version, reason=reason, now=now)
    return draft.id
