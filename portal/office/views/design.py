"""The living page of components, for developers; readers never see it."""

from __future__ import annotations

from flask import Response, abort

from portal.office.design import samples
from portal.office.views.blueprint import bp
from portal.web.languages import language
from portal.web.pages import private, render
from portal.web.state import portal


@bp.get("/design")
def design() -> Response:
    """Every component once, with sample data; not found outside development."""
    if portal().settings.is_production:
        abort(404)
    return private(render("design/index.html", **samples(language())))
