"""The pages of questions: all of them by topic, and each one alone."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.faq.question import QUESTION
from portal.web.documents import structured_data
from portal.web.documents.as_of import AS_OF, requested_as_of
from portal.web.documents.listing import by_topic
from portal.web.documents.page import page_of, published, published_or_404
from portal.web.languages import gettext as _
from portal.web.navigation import Link
from portal.web.pages import public, render, url

bp = Blueprint("faq", __name__)


@bp.get("/")
@public()
def index() -> Response:
    """Every question under its topic."""
    groups = by_topic(published(QUESTION.kind), detail=False)
    questions = structured_data.questions(link for group in groups for link in group.links)
    return render(
        "faq/index.html",
        groups=groups,
        **structured_data.trail(_(QUESTION.plural), url("faq.index"), described=[questions]),
    )


@bp.get("/<slug>")
@public(query=AS_OF)
def show(slug: str) -> Response:
    """One question with its answer."""
    page = page_of(published_or_404(QUESTION.kind, slug))
    requested_as_of()
    parent: Link = {"label": _(QUESTION.plural), "href": url("faq.index")}
    # What has no answer yet is not offered to search engines as one.
    is_open = page.document.facts.unanswered
    answer = None if page.withdrawal or is_open else structured_data.question(page)
    return render(
        "faq/show.html",
        is_open=is_open,
        **page.layout_context(),
        **structured_data.trail(page.title, page.href, parent, *page.topics[:1], described=[answer]),
    )
