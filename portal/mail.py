"""The transactional outbox of e-mail and the mailers that send it.

`enqueue` adds a message in the transaction that it reports on; `deliver`, called by `flask work`, sends it afterwards.
States: waiting, then sent or failed; held after a restore, until somebody decides. Delivery is at least once, with
the same Message-ID on a repeat: a message is claimed with a lease, sent, and closed in transactions of their own. A
closed row is kept for the count, without recipient, subject and text.
"""

from __future__ import annotations

import secrets
import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol, TextIO

from sqlalchemy import String, Text, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from portal.database import Base, writing
from portal.settings import Settings

# How long a claim holds: a message whose worker died may be claimed again afterwards.
LEASE = timedelta(minutes=2)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)
SMTP_SECONDS = 30
WAITING, SENT, FAILED, HELD = "waiting", "sent", "failed", "held"


class MailRefused(Exception):
    """The server refused this message for good; sending it again would not help."""


class MailUnavailable(Exception):
    """The server could not be reached or asked to try later."""


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """One message to one reader, already in the reader's language.

    `key` is unique: the same event never enqueues it twice. `about` names what it belongs to, such as "events/slug",
    for `delete_messages`. It is sent from `due_at` on and fails from `stale_at` on.
    """

    key: str
    about: str
    kind: str
    language: str
    recipient: str
    subject: str
    body: str
    calendar: str = ""
    due_at: datetime | None = None
    stale_at: datetime | None = None


class OutgoingMail(Base):
    """A row of the outbox."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    about: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    message_token: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    calendar: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    stale_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(200), default="")


class Mailer(Protocol):
    """Hands one message over; raises MailRefused or MailUnavailable."""

    def send(self, message: EmailMessage) -> None: ...


@dataclass(kw_only=True)
class SmtpMailer:
    """Sends over SMTP: TLS on port 465, else STARTTLS when the server offers it; one connection a message.

    The user's password goes over TLS alone, unless `plaintext` says that it may go without (never in production).
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    plaintext: bool = False
    # What certificates are checked against; none means the system's authorities.
    context: ssl.SSLContext | None = None

    def send(self, message: EmailMessage) -> None:
        try:
            with self._connection() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise _refused_or_later(min(codes, default=450), "recipient refused") from error
        except smtplib.SMTPResponseException as error:
            raise _refused_or_later(error.smtp_code, f"server answered {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(type(error).__name__) from error

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        context = self.context or ssl.create_default_context()
        if self.port == 465:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SMTP_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SMTP_SECONDS)
        with server:
            if self.port != 465:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                elif self.user and not self.plaintext:
                    raise MailUnavailable("the server offers no TLS for the password")
            if self.user:
                server.login(self.user, self.password)
            yield server


def _refused_or_later(code: int, problem: str) -> MailRefused | MailUnavailable:
    return MailRefused(problem) if code >= 500 else MailUnavailable(problem)


@dataclass(kw_only=True)
class ConsoleMailer:
    """Prints each message, for development."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)

    def send(self, message: EmailMessage) -> None:
        self.stream.write(f"--- mail ---\n{message.as_string()}\n--- end ---\n")
        self.stream.flush()


@dataclass(kw_only=True)
class MemoryMailer:
    """Keeps each message, for tests."""

    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)


def mailer_for(settings: Settings) -> Mailer:
    """Give the mailer that the settings name: smtp, console or memory."""
    if settings.mail == "smtp":
        return SmtpMailer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            user=settings.smtp_user,
            password=settings.smtp_password,
            plaintext=settings.smtp_plaintext,
        )
    return MemoryMailer() if settings.mail == "memory" else ConsoleMailer()


def enqueue(session: Session, message: OutboxMessage, *, now: datetime) -> bool:
    """Add the message to the outbox in the open transaction; False when its key is already there."""
    if session.scalar(select(OutgoingMail.id).where(OutgoingMail.key == message.key)):
        return False
    session.add(
        OutgoingMail(
            key=message.key,
            about=message.about,
            kind=message.kind,
            language=message.language,
            message_token=secrets.token_hex(16),
            recipient=message.recipient,
            subject=" ".join(message.subject.split()),
            body=message.body,
            calendar=message.calendar,
            state=WAITING,
            created_at=now,
            due_at=message.due_at or now,
            stale_at=message.stale_at,
        )
    )
    session.flush()
    return True


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What one round of the outbox did, in messages."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0


def deliver(
    sessions: sessionmaker[Session], mailer: Mailer, *, sender: str, now: datetime, most: int = 100
) -> DeliveryReport:
    """Send what is due, at most `most` messages; stops early when the server cannot be reached.

    Each message is claimed, sent and marked by itself, so a process killed in between repeats at most
    that one message.
    """
    sent = failed = 0
    for _ in range(most):
        with sessions() as session, writing(session):
            row = _claim(session, now=now)
        if row is None:
            break
        outcome = _send(row, mailer, sender=sender, now=now)
        with sessions() as session, writing(session):
            current = session.get_one(OutgoingMail, row.id)
            if isinstance(outcome, MailUnavailable):
                _postpone(current, str(outcome), now=now)
                return DeliveryReport(sent=sent, postponed=1, failed=failed)
            _close(current, outcome, now=now)
        sent += outcome is None
        failed += outcome is not None
    return DeliveryReport(sent=sent, failed=failed)


def _claim(session: Session, *, now: datetime) -> OutgoingMail | None:
    row = session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.state == WAITING, OutgoingMail.due_at <= now)
        .where(or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until < now))
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        row.claimed_until = now + LEASE
    return row


def _send(row: OutgoingMail, mailer: Mailer, *, sender: str, now: datetime) -> MailRefused | MailUnavailable | None:
    if row.stale_at is not None and now >= row.stale_at:
        return MailRefused("too late to be of use")
    try:
        mailer.send(compose(row, sender=sender))
    except (MailRefused, MailUnavailable) as problem:
        return problem
    except ValueError as error:
        # A header that cannot be written will not be writable later either.
        return MailRefused(type(error).__name__)
    return None


def _postpone(row: OutgoingMail, problem: str, *, now: datetime) -> None:
    row.attempts += 1
    row.problem = problem[:200]
    row.claimed_until = None
    row.due_at = now + min(FIRST_RETRY * 2 ** min(row.attempts - 1, 10), LONGEST_RETRY)
    if now - row.created_at > GIVE_UP_AFTER and row.attempts > 1:
        _close(row, MailRefused(problem), now=now)


def _close(row: OutgoingMail, problem: MailRefused | None, *, now: datetime) -> None:
    row.state = FAILED if problem else SENT
    row.problem = str(problem or "")[:200]
    row.sent_at = None if problem else now
    row.claimed_until = None
    row.recipient = row.subject = row.body = row.calendar = ""


def compose(row: OutgoingMail, *, sender: str) -> EmailMessage:
    """Build the message of an outbox row; the Message-ID depends on the row alone."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=row.recipient)
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = f"<{row.message_token}@{_domain_of(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body)
    if row.calendar:
        message.add_attachment(
            row.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename="event.ics",
            params={"charset": "utf-8"},
        )
    # An attachment moves the Content- headers into its first part, so this one comes last.
    message["Content-Language"] = row.language
    return message


def _domain_of(sender: str) -> str:
    return sender.rpartition("@")[2].strip("<> ") or "localhost"


def delete_messages(session: Session, *, about: str) -> int:
    """Delete every message about this thing, sent or not; gives their number."""
    numbers = list(session.scalars(select(OutgoingMail.id).where(OutgoingMail.about == about)))
    session.execute(delete(OutgoingMail).where(OutgoingMail.id.in_(numbers)))
    return len(numbers)


def backlog(session: Session) -> dict[str, int]:
    """Count the outbox by state: waiting, sent, failed, held."""
    rows = session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    return {row[0]: row[1] for row in rows}
