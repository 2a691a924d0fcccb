"""What stands between a public form and the database: stamp, trap for machines, limits, preview."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import TooManyRequests

from portal.web.clock import real_instant
from portal.web.forms import rate_limits
from portal.web.forms.tokens import HONEYPOT, FormTokens, SubmittedTooFast, TokenExpired, TokenForged
from portal.web.languages import gettext as _
from portal.web.pages import catalogue
from portal.web.transactions import sessions

# Per network and hour. A village shares one carrier address, so only machines reach these.
MOST_FORMS = 3000
MOST_WRONG_CODES = 60


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
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Stopped(_("This form was sent from another site. Check it and send it from here."))
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
    from flask import current_app

    return FormTokens(secret=str(current_app.config["SECRET_KEY"]), purpose=purpose)


def count_form(purpose: str) -> None:
    """Count one form of this network; raises TooManyRequests above the limit."""
    if _count(purpose) > MOST_FORMS:
        raise TooManyRequests


def refuse_guessing() -> None:
    """Raise TooManyRequests for a network that has tried too many wrong codes in this hour."""
    with sessions()() as session:
        tried = rate_limits.counted(session, "events.code", address=_address(), now=real_instant())
    if tried >= MOST_WRONG_CODES:
        raise TooManyRequests


def count_wrong_code() -> None:
    """Count one wrong code of this network."""
    _count("events.code")


def _count(purpose: str) -> int:
    with sessions()() as session:
        return rate_limits.count(session, purpose, address=_address(), now=real_instant())


def _address() -> str:
    return request.remote_addr or ""


def phone_region() -> str:
    """The country whose local telephone numbers are understood: that of the site's first language."""
    return str(catalogue().site.languages[0].territory or "ZZ")
