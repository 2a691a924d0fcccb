"""Mail about an account, to its person and to every administrator: composed before, sent by the change itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Staff, StaffRole, fresh_id
from portal.accounts.role_labels import role_label
from portal.languages import formatting
from portal.mail import OutboxMessage, enqueue
from portal.web.clock import office_zone
from portal.web.documents.embeds import text_of
from portal.web.languages import force_locale
from portal.web.pages import catalogue, environment

ADDED, RESET, ROLES, APP, CODES = "added", "reset", "roles", "app", "codes"
PASSKEY, PASSKEY_GONE = "passkey", "passkey-gone"


def compose(
    session: Session, kind: str, about: Staff, *, by: str, now: datetime, roles: Iterable[str] = ()
) -> list[OutboxMessage]:
    """One message for each who must learn what happened to this account, in the recipient's language.

    `by` is the id of who did it, empty for a command; `roles` are those that the account has afterwards. Nothing in
    a message is secret. The change enqueues them in its own transaction, so there is one of each for each change.
    """
    event, doer = fresh_id(), session.get(Staff, by) if by else None
    administrators = select(Staff).join(StaffRole).where(StaffRole.name == "admin", Staff.active)
    recipients = {staff.id: staff for staff in (about, *session.scalars(administrators))}
    return [
        _message(kind, about, recipient, doer=doer, now=now, roles=roles, key=f"accounts:{event}:{recipient.id}")
        for recipient in recipients.values()
    ]


def send(session: Session, messages: Iterable[OutboxMessage], *, now: datetime) -> None:
    """Put the messages into the outbox, in the open transaction of the change that they tell of."""
    for message in messages:
        enqueue(session, message, now=now)


def _message(
    kind: str, about: Staff, recipient: Staff, *, doer: Staff | None, now: datetime, roles: Iterable[str], key: str
) -> OutboxMessage:
    site = catalogue().site
    known = recipient.language in site.language_codes
    language = recipient.language if known else site.language_codes[0]
    with force_locale(language):
        rendered = (
            environment(language)
            .get_template("accounts/mail/notice.txt")
            .render(
                kind=kind,
                is_oneself=recipient.id == about.id,
                did_it_oneself=doer is not None and doer.id == about.id,
                name=about.name,
                by=doer.name if doer else "",
                when=formatting.day_clock(now.astimezone(office_zone()), language),
                roles=", ".join(role_label(role) for role in sorted(roles)),
                office=site.name.get(language) or text_of(site.name),
            )
        )
    subject, _line, body = rendered.strip().partition("\n")
    return OutboxMessage(
        key=key,
        about=f"staff/{about.id}",
        kind=f"account-{kind}",
        language=language,
        recipient=recipient.email,
        subject=subject.strip(),
        body=body.strip() + "\n",
    )
