"""The pages of questions: all of them by topic, and each one alone."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.web.documents import structured_data
from portal.web.documents.as_of import PARAMETER, asked
from portal.web.documents.listing import by_topic
from portal.web.documents.page import page_of, published, published_or_404
from portal.web.languages import gettext as _
from portal.web.navigation import Link, home_crumb
from portal.web.pages import public, render, url

bp = Blueprint("faq", __name__)
KIND = "faq"


def label() -> str:
    """The room's name in lists of links."""
    return _("Questions and answers")


@bp.get("/")
@public()
def index() -> Response:
    """Every question under its topic."""
    crumbs = [home_crumb()]
    groups = by_topic(published(KIND), detail=False)
    return render(
        "faq/index.html",
        groups=groups,
        crumbs=crumbs,
        structured=structured_data.graph(
            structured_data.questions(link for group in groups for link in group.links),
            structured_data.breadcrumbs(crumbs, label(), url("faq.index")),
        ),
    )


@bp.get("/<slug>")
@public(query=(PARAMETER,))
def show(slug: str) -> Response:
    """One question with its answer."""
    page = page_of(published_or_404(KIND, slug))
    asked()
    crumbs: list[Link] = [home_crumb(), {"label": label(), "href": url("faq.index")}, *page.topics[:1]]
    answer = None if page.withdrawal else structured_data.question(page)
    return render(
        "faq/show.html",
        **page.layout_context(),
        crumbs=crumbs,
        structured=structured_data.graph(answer, structured_data.breadcrumbs(crumbs, page.title, page.href)),
    )
