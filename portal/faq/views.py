"""The pages of questions: all of them by topic, and each one alone."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from portal.web.moment import moment
from portal.web.pages import catalogue, public, render

bp = Blueprint("faq", __name__)


@bp.get("/<slug>")
@public()
def show(slug: str) -> Response:
    """One question with its answer."""
    document = catalogue().get("faq", slug)
    if document is None:
        abort(404)
    version = moment().version_of(document)
    if not moment().shows(version):
        abort(404)
    from portal.web.languages import language

    return render("faq/show.html", question=version, wording=version.words_in(language()))
