"""Views."""

from __future__ import annotations

from flask import Blueprint, Response

from portal.web.pages import public, render

bp = Blueprint("home", __name__)


@bp.get("/")
@public()
def index() -> Response:
    """Home."""
    return render("home/index.html")
