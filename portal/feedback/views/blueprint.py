"""The blueprint of the readers' pages, and how a page is named to readers."""

from __future__ import annotations

from flask import Blueprint

from portal.web.addresses import path_below
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import catalogue

bp = Blueprint("feedback", __name__)


def link_of(page: str) -> Link:
    """Title and address of the page with that path (without its language)."""
    parts = page.split("/")
    found = catalogue().find("/".join(parts[:2])) if len(parts) > 1 else catalogue().get("pages", page)
    label = found.title(language()) if found is not None else f"/{page}"
    return {"label": label, "href": path_below(page)}
