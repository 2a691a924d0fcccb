"""Jobs of the application itself: delivering the outbox, deleting old rate limit counts."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app

from portal.mail import Mailer, deliver, mailer_for
from portal.web.forms.rate_limits import forget_networks
from portal.web.operations.jobs import Job
from portal.web.state import portal
from portal.web.transactions import sessions

_MAILER = "portal.mailer"


def mailer() -> Mailer:
    """Give the application's mailer, the same one each time."""
    if _MAILER not in current_app.extensions:
        current_app.extensions[_MAILER] = mailer_for(portal().settings)
    result: Mailer = current_app.extensions[_MAILER]
    return result


def sender() -> str:
    """The sender address of mail: the setting, else one at the site's own host."""
    settings = portal().settings
    return settings.mail_from or f"no-reply@{urlsplit(settings.base_url).hostname or 'localhost'}"


def send_mail(now: datetime) -> str:
    """Send what is due in the outbox; gives one sentence for the log, without any address."""
    done = deliver(sessions(), mailer(), sender=sender(), now=now)
    if done.sent or done.failed or done.postponed:
        return f"{done.sent} sent, {done.postponed} postponed, {done.failed} failed"
    return ""


def forget_old_networks(now: datetime) -> str:
    """Delete counts and keys older than 48 hours."""
    with sessions()() as session:
        gone = forget_networks(session, now=now)
    return f"{gone} counts forgotten" if gone else ""


JOBS = (
    Job(name="mail", seconds=5, run=send_mail),
    Job(name="networks", seconds=3600, run=forget_old_networks),
)
