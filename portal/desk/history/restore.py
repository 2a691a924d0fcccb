"""Restoring older texts of a page: through a review, or at once in an emergency that somebody reads afterwards."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.desk.blueprint import draft_or_404, staff
from portal.desk.history.history import version_page
from portal.desk.history.versions import begin_review, state_or_404, texts_now
from portal.desk.review.publish import publish_and_show
from portal.drafts import workflow
from portal.drafts.drafts import open_draft_of
from portal.languages import formatting
from portal.publishing.history import State
from portal.web.clock import office_zone
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import staff_services
from portal.web.transactions import session

PERMISSIONS = {"desk.restore": "write", "desk.restore_now": "publish"}


@staff.post("/edit/<kind>/<slug>/history/<commit>/restore")
def restore(kind: str, slug: str, commit: str) -> AnyResponse:
    """Begin a draft with the texts of then and send it to review."""
    state = state_or_404(kind, slug, commit)
    if open_draft_of(session(), kind, slug) is not None:
        return version_page(kind, slug, state, _("Somebody works on this page. Finish or discard that draft first."))
    draft = begin_review(kind, slug, state.texts, reason=_reason(state))
    staff_services().record("editing.restore", f"{kind}/{slug}#{state.entry.commit[:12]}")
    return redirect(url("desk.review", id_=draft), 303)


@staff.post("/edit/<kind>/<slug>/history/<commit>/restore-now")
def restore_now(kind: str, slug: str, commit: str) -> AnyResponse:
    """Publish the texts of then at once in a stated emergency, as a draft that somebody else reads afterwards."""
    state = state_or_404(kind, slug, commit)
    key, emergency = f"{kind}/{slug}", request.form.get("emergency", "")
    if not emergency.strip():
        message = _(
            "Texts that were taken off the site come back after a review. "
            "In an emergency say what it is; others will read it, and somebody else reads the texts afterwards."
        )
        return version_page(kind, slug, state, message)
    if open_draft_of(session(), kind, slug) is not None:
        return version_page(kind, slug, state, _("Somebody works on this page. Finish or discard that draft first."))
    if texts_now(key) == state.texts:
        return version_page(kind, slug, state, _("These are the texts that readers see now."))
    id_ = begin_review(kind, slug, state.texts, reason=_reason(state))
    workflow.bypass(session(), id_, version=draft_or_404(id_).version, reason=emergency)
    staff_services().record("editing.restore-now", f"{key}#{state.entry.commit[:12]}")
    return publish_and_show(draft_or_404(id_), action="publish-unread")


def _reason(state: State) -> str:
    day = formatting.day(state.entry.at.astimezone(office_zone()).date(), language())
    return _("Text of %(day)s brought back", day=day)
