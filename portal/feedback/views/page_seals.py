"""The page that a form of readers is about: a path without language, signed so that only existing pages are rated."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from portal.web.clock import real_instant
from portal.web.forms import guard
from portal.web.security import is_own_address

# In characters, as the columns of the database.
LONGEST_PAGE = 200


def seal(page: str) -> str:
    """The signature of a page's path."""
    secret = str(current_app.config["SECRET_KEY"])
    return hmac.new(secret.encode(), f"rated page:{page}".encode(), "sha256").hexdigest()[:20]


def sealed_page(sent: Mapping[str, str]) -> str | None:
    """The page that a form or address of this site carries, or None when its signature is wrong."""
    page = sent.get("page", "")[:LONGEST_PAGE]
    return page if hmac.compare_digest(seal(page).encode(), sent.get("seal", "").encode()) else None


def page_of_request() -> str:
    """The page that is asked for."""
    return _without_language(request.path)


def referring_page() -> str:
    """The public page of this site from which the reader came; "" for anything else."""
    referrer = request.headers.get("Referer", "")
    path = urlsplit(referrer).path if is_own_address(referrer) else ""
    return _without_language(path) if path and _is_public_page(path) else ""


def is_first_vote_today(page: str) -> bool:
    """Whether this network has not rated this page today; counts the vote, and the count is gone in two days."""
    digest = hashlib.blake2b(page.encode(), digest_size=12).hexdigest()
    # One count a day: in the hour in which the day begins.
    day = real_instant().replace(hour=0, minute=0, second=0, microsecond=0)
    return guard.count(f"rated.{digest}", at=day) == 1


def _without_language(path: str) -> str:
    return path.lstrip("/").partition("/")[2][:LONGEST_PAGE]


def _is_public_page(path: str) -> bool:
    try:
        endpoint, _values = current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return hasattr(current_app.view_functions.get(endpoint), "page_query")
