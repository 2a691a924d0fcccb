"""Restoring older texts of a page, through a review or at once."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff, person_of
from portal.desk.blueprint import staff
from portal.desk.history.history import version_page
from portal.desk.history.versions import begin_review, state_or_404, texts_now
from portal.drafts.drafts import open_draft_of
from portal.languages import formatting
from portal.publishing.edits import Edit
from portal.publishing.history import State
from portal.publishing.wiring import REFUSALS, publish_edit, refusal_message
from portal.web.clock import office_zone
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import NotPublished, staff_services
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
    """Publish the texts of then as a new revision at once: they were published before."""
    state = state_or_404(kind, slug, commit)
    key = f"{kind}/{slug}"
    texts = texts_now(key)
    names = {*texts, *state.texts}
    author = current_staff()
    edit = Edit(
        author=author.id,
        person=person_of(author),
        reason=f"{key}: {_reason(state)}",
        changes={f"{key}/{name}": state.texts.get(name) for name in names if texts.get(name) != state.texts.get(name)},
        seen={f"{key}/{name}": texts.get(name) for name in names},
    )
    if not edit.changes:
        return version_page(kind, slug, state, _("These are the texts that readers see now."))
    try:
        publish_edit(edit)
    except NotPublished as refused:
        return version_page(kind, slug, state, str(refused))
    except REFUSALS as refused:
        return version_page(kind, slug, state, refusal_message(refused))
    staff_services().record("editing.restore-now", f"{key}#{state.entry.commit[:12]}")
    return redirect(url("desk.history", kind=kind, slug=slug), 303)


def _reason(state: State) -> str:
    day = formatting.day(state.entry.at.astimezone(office_zone()).date(), language())
    return _("Text of %(day)s brought back", day=day)
