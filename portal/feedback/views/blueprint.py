"""The blueprint of the readers' pages, and what its views and the staff pages share."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect

from portal.web.addresses import path_below
from portal.web.forms import guard
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import catalogue, private

bp = Blueprint("feedback", __name__)
# Per network. A village shares one carrier address, so only machines reach it.
MOST_FORMS_PER_HOUR = 600


def purpose_of(form: str) -> str:
    """The name of a form of readers in tokens and counts."""
    return f"feedback.{form}"


def limit(form: str) -> None:
    """Count one submission of this form; raises TooManyRequests above the limit of the network."""
    guard.limit(purpose_of(form), most_per_hour=MOST_FORMS_PER_HOUR)


def link_of(page: str) -> Link:
    """Title and address of the page with that path (without its language)."""
    parts = page.split("/")
    document = catalogue().find("/".join(parts[:2])) if len(parts) > 1 else catalogue().get("pages", page)
    label = document.title(language()) if document is not None else f"/{page}"
    return {"label": label, "href": path_below(page)}


def private_redirect(location: str) -> Response:
    """See Other, kept by no cache."""
    return private(make_response(redirect(location, 303)))
