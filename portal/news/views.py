"""Views."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _

from portal.web.pages import public, render

bp = Blueprint("news", __name__)


def label() -> str:
    """The word of the main navigation."""
    return _("News")


@bp.get("/")
@public()
def index() -> Response:
    """Index."""
    return render("news/index.html")
