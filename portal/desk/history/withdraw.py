"""Withdrawing a page: the reason in each language and the page to read instead, then a review."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.document import DocumentFacts
from portal.content.problems import ContentError
from portal.content.yaml_editing import rewritten
from portal.desk.blueprint import document_or_404, error_summary, staff, type_or_404
from portal.desk.history.versions import begin_review, page_crumbs, texts_now
from portal.drafts.drafts import open_draft_of
from portal.publishing.scheduled import FACTS
from portal.web.clock import office_zone
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import session

LONGEST_REASON = 300
PERMISSIONS = {"desk.withdraw": "write", "desk.withdraw_page": "write"}


@staff.get("/edit/<kind>/<slug>/withdraw")
def withdraw(kind: str, slug: str) -> Response:
    """The form by which a page is withdrawn."""
    return _page(kind, slug, {})


@staff.post("/edit/<kind>/<slug>/withdraw")
def withdraw_page(kind: str, slug: str) -> AnyResponse:
    """Begin a draft that withdraws the page and send it to review."""
    document = document_or_404(kind, slug)
    codes = plain_catalogue().site.language_codes
    reasons = {code: " ".join(request.form.get(f"reason-{code}", "").split())[:LONGEST_REASON] for code in codes}
    successor = request.form.get("successor", "").strip()
    errors: dict[str, str] = {}
    if not reasons[codes[0]]:
        errors[f"reason-{codes[0]}"] = _("Tell readers in one sentence why the page is no longer valid.")
    if successor and (plain_catalogue().find(successor) is None or successor == document.key):
        errors["successor"] = _("There is no page “%(what)s”. Choose another.", what=successor)
    if open_draft_of(session(), kind, slug) is not None:
        errors["form"] = _("Somebody works on this page. Finish or discard that draft first.")
    texts = texts_now(document.key)
    if not errors:
        try:
            texts = _withdrawn(kind, texts, {code: text for code, text in reasons.items() if text}, successor)
        except ContentError as error:
            errors["form"] = "; ".join(problem.message for problem in error.problems)
    if errors:
        return _page(kind, slug, errors)
    draft = begin_review(kind, slug, texts, reason=reasons[codes[0]])
    staff_services().record("editing.withdraw", document.key)
    return redirect(url("desk.review", id_=draft), 303)


def _withdrawn(kind: str, texts: dict[str, str], reasons: dict[str, str], successor: str) -> dict[str, str]:
    def edit(values: Any, _facts: DocumentFacts) -> None:
        values["status"] = "withdrawn"
        values["withdrawn"] = {"reason": reasons} | ({"successor": successor} if successor else {})

    text = rewritten(texts[FACTS], type_or_404(kind).facts, edit, zone=office_zone(), path=FACTS)
    return {**texts, FACTS: text}


def _page(kind: str, slug: str, errors: dict[str, str]) -> Response:
    document, catalogue = document_or_404(kind, slug), plain_catalogue()
    return render_staff(
        "desk/history/withdraw.html",
        status=422 if errors else 200,
        title=document.title(language()),
        document=document,
        errors=errors,
        summary=error_summary(errors),
        typed=request.form,
        keys=[other.key for every in catalogue.kinds() for other in catalogue.all(every) if other.key != document.key],
        crumbs=page_crumbs(kind, slug),
    )
