"""What every public form passes before it is read: limits per network, honeypot, single-use token.

A form is rendered with `fresh_token(purpose)` in its hidden field `stamp`. Its view calls `limit` (429 above the
limit), then `read_token`, which gives the single-use token under which the submission is stored: the same form sent
twice is stored once. `FormRejected` carries the message with which the view renders the form again.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from flask import current_app, request
from werkzeug.exceptions import TooManyRequests

from portal.web.clock import real_instant
from portal.web.forms import rate_limits
from portal.web.forms.tokens import HONEYPOT, FormTokens, SubmittedTooFast, TokenExpired, TokenForged
from portal.web.languages import gettext as _
from portal.web.pages import catalogue
from portal.web.state import portal
from portal.web.transactions import sessions

FORM_FIELD = "stamp"


class FormRejected(Exception):
    """The form cannot be taken as it came; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def takes_personal_data() -> bool:
    """Whether forms may store what they are sent: not before the office adopts the portal, on no machine.

    The automatic tests are excepted, which try the forms on content of the preview stage.
    """
    return portal().settings.environment == "test" or not catalogue().site.is_preview


def fresh_token(purpose: str) -> str:
    """A signed token for a form that is rendered now; `purpose` names the kind of form."""
    return _tokens(purpose).fresh(real_instant())


def read_token(purpose: str) -> str:
    """The single-use token of the submitted form.

    Raises FormRejected when the honeypot is filled in, or the token is forged, older than a day or two seconds young.
    """
    if request.form.get(HONEYPOT):
        raise FormRejected(_("A field that people do not see was filled in. Check the form and send it again."))
    try:
        return _tokens(purpose).read(request.form.get(FORM_FIELD, ""), now=real_instant())
    except TokenExpired:
        message = _("This form was open for more than a day. Nothing is lost: check it and send again.")
    except SubmittedTooFast:
        message = _("That was very fast. Check the form and send it again.")
    except TokenForged:
        message = _("We could not check this form. Nothing is lost: check it and send again.")
    raise FormRejected(message)


def reject_cross_site() -> None:
    """Raise FormRejected when the browser says that the form was sent from another site."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise FormRejected(_("This form was sent from another site. Check it and send it from here."))


def limit(purpose: str, *, most_per_hour: int) -> None:
    """Count one submission of this network; raises TooManyRequests above `most_per_hour`."""
    if count(purpose) > most_per_hour:
        raise TooManyRequests


def count(purpose: str, *, at: datetime | None = None) -> int:
    """Count one act of this network in the hour of `at`, by default now; gives the new count."""
    with sessions()() as session:
        return rate_limits.count(session, purpose, address=_address(), now=at or real_instant())


def counted(purpose: str) -> int:
    """The number of acts of this network in this hour, without counting one."""
    with sessions()() as session:
        return rate_limits.counted(session, purpose, address=_address(), now=real_instant())


def network_digest(purpose: str) -> str:
    """A digest of this network for one purpose alone, which lives as long as what it is stored with."""
    key = hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), f"network:{purpose}".encode(), "sha256")
    return hmac.new(key, rate_limits.network_of(_address()).encode(), "sha256").hexdigest()[:32]


def phone_region() -> str:
    """The country whose local telephone numbers are understood: that of the site's first language."""
    return str(catalogue().site.languages[0].territory or "ZZ")


def _tokens(purpose: str) -> FormTokens:
    return FormTokens(secret=str(current_app.config["SECRET_KEY"]), purpose=purpose)


def _address() -> str:
    return request.remote_addr or ""
