"""The pages of the office itself, such as about, privacy or accessibility, and the alerts."""

from __future__ import annotations

from flask import Response

from portal.office.documents import ALERT, PAGE
from portal.office.views.blueprint import bp
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.page import page_of, published_or_404
from portal.web.navigation import home_crumb
from portal.web.pages import public, render


@bp.get("/<slug>")
@public()
def page(slug: str) -> Response:
    """A page of the office."""
    document_page = page_of(published_or_404(PAGE.kind, slug))
    about = structured_data.office() if slug == "about" else None
    return render(
        "office/page.html",
        **document_page.layout_context(),
        **structured_data.trail(document_page.title, document_page.href, described=[about]),
    )


@bp.get("/alerts/<slug>")
@public()
def alert(slug: str) -> Response:
    """An alert with its whole text, and whether it still holds."""
    document_page, clock = page_of(published_or_404(ALERT.kind, slug)), request_clock()
    facts = document_page.document.facts
    return render(
        "office/alert.html",
        **document_page.layout_context() | {"robots": "noindex"},
        starts=facts.starts.astimezone(clock.zone),
        ends=facts.ends.astimezone(clock.zone),
        is_over=clock.passed(facts.ends),
        is_ahead=not clock.passed(facts.starts),
        crumbs=[home_crumb()],
    )
