"""The pages of questions: all of them by topic, and each one alone."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.web import structured
from portal.web.as_of import PARAMETER, asked
from portal.web.documents import page_of, shown, visible
from portal.web.listing import by_topic
from portal.web.navigation import Link, home_crumb
from portal.web.pages import public, render, url
from portal.web.words import gettext as _

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
    groups = by_topic(visible(KIND), detail=False)
    return render(
        "faq/index.html",
        groups=groups,
        crumbs=crumbs,
        structured=structured.graph(
            structured.questions(link for group in groups for link in group.links),
            structured.breadcrumbs(crumbs, label(), url("faq.index")),
        ),
    )


@bp.get("/<slug>")
@public(query=(PARAMETER,))
def show(slug: str) -> Response:
    """One question with its answer."""
    page = page_of(shown(KIND, slug))
    asked()
    crumbs: list[Link] = [home_crumb(), {"label": label(), "href": url("faq.index")}, *page.topics[:1]]
    answer = None if page.withdrawal else structured.question(page)
    return render(
        "faq/show.html",
        **page.frame(),
        crumbs=crumbs,
        structured=structured.graph(answer, structured.breadcrumbs(crumbs, page.title, page.href)),
    )
