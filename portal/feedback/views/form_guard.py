"""What stands between readers' forms and the database: sealed pages, stamps, a trap for machines, limits."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException, TooManyRequests

from portal.web.clock import real_instant
from portal.web.forms import rate_limits
from portal.web.forms.tokens import HONEYPOT, FormTokens, SubmittedTooFast, TokenExpired, TokenForged
from portal.web.languages import gettext as _
from portal.web.pages import catalogue
from portal.web.security import is_own
from portal.web.state import portal
from portal.web.transactions import sessions

# Per network and hour. A village shares one carrier address, so only machines reach these.
MOST_FORMS = 600
LONGEST_PAGE = 200


class Stopped(Exception):
    """The form cannot be taken as it came; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def fresh_stamp(purpose: str) -> str:
    """A stamp for a form that is shown now."""
    return _stamps(purpose).fresh(real_instant())


def token_of(purpose: str) -> str:
    """The single-use token of the form that was sent; raises Stopped with a message for people."""
    if request.form.get(HONEYPOT):
        raise Stopped(_("A field that people do not see was filled in. Check the form and send it again."))
    try:
        return _stamps(purpose).read(request.form.get("stamp", ""), now=real_instant())
    except TokenExpired:
        raise Stopped(_("This form was open for more than a day. Nothing is lost: check it and send again.")) from None
    except SubmittedTooFast:
        raise Stopped(_("That was very fast. Check the form and send it again.")) from None
    except TokenForged:
        raise Stopped(_("We could not check this form. Nothing is lost: check it and send again.")) from None


def _stamps(purpose: str) -> FormTokens:
    return FormTokens(secret=_secret(), purpose=f"feedback.{purpose}")


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def limit(purpose: str) -> None:
    """Count one form of this network; raises TooManyRequests above the limit."""
    with sessions()() as session:
        counted = rate_limits.count(session, f"feedback.{purpose}", address=_address(), now=real_instant())
    if counted > MOST_FORMS:
        raise TooManyRequests


def is_first_today(page: str) -> bool:
    """Whether this network has not rated this page today; the answer counts it, and both are gone in two days."""
    digest = hashlib.blake2b(page.encode(), digest_size=12).hexdigest()
    # One bucket a day: the hour in which the day begins.
    day = real_instant().replace(hour=0, minute=0, second=0, microsecond=0)
    with sessions()() as session:
        return rate_limits.count(session, f"rated.{digest}", address=_address(), now=day) == 1


def _address() -> str:
    return request.remote_addr or ""


def seal(page: str) -> str:
    """A mark that only this site can have made, so that nobody rates pages that do not exist."""
    return hmac.new(_secret().encode(), f"rated page:{page}".encode(), "sha256").hexdigest()[:20]


def sealed_page(sent: Any) -> str | None:
    """The path of a page as a form of ours carries it, or None when the mark is not ours."""
    page = str(sent.get("page", ""))[:LONGEST_PAGE]
    return page if hmac.compare_digest(seal(page), str(sent.get("seal", ""))) else None


def page_of_request() -> str:
    """The path of this page without its language."""
    return request.path.lstrip("/").partition("/")[2][:LONGEST_PAGE]


def is_public_page(path: str) -> bool:
    """Whether a path of this site, language included, is a page for everyone."""
    try:
        endpoint, _values = current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return hasattr(current_app.view_functions.get(endpoint), "page_query")


def page_before() -> str:
    """The page of this site from which the reader came, without its language, or nothing."""
    came = request.headers.get("Referer", "")
    path = urlsplit(came).path if is_own(came) else ""
    return path.lstrip("/").partition("/")[2][:LONGEST_PAGE] if path and is_public_page(path) else ""


def takes_questions() -> bool:
    """Whether questions may be stored: not before the office adopts the portal; development and tests may try."""
    return not portal().settings.is_production or not catalogue().site.is_preview


def phone_region() -> str:
    """The country whose local telephone numbers are understood: that of the site's first language."""
    return str(catalogue().site.languages[0].territory or "ZZ")
