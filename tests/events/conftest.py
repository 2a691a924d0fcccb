"""Both databases, one event's terms, and notifications that name only their kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from portal.database import engine_for, sessions_for
from portal.events.jobs import maintain_events
from portal.events.registrations.models import Registration
from portal.events.registrations.terms import Terms
from portal.mail import OutboxMessage, OutgoingMail
from portal.migrations import upgrade
from portal.web.forms.tokens import FormTokens
from portal.web.operations.commands import prepare
from portal.web.operations.housekeeping import mailer, send_mail
from portal.web.state import portal
from portal.web.transactions import sessions as app_sessions
from tests.conftest import AppFactory
from tests.databases import fresh_postgres, sqlite_url
from tests.events.event_site import SLUG, content_with_event, fields_of, write_event

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 10, 1, 0, tzinfo=UTC)

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield sqlite_url(tmp_path)
        else:
            yield stack.enter_context(fresh_postgres(request.getfixturevalue("postgres_url")))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = engine_for(database_url)
    upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessions_for(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as opened:
        yield opened


@pytest.fixture
def terms() -> Terms:
    return Terms(event="sosialisasi", starts=STARTS, ends=STARTS + timedelta(hours=2), capacity=10)


def plain_notifications(kind: str, registration: Registration, *, position: int) -> OutboxMessage | None:
    """A notification that tells its kind, for registrations with an e-mail address."""
    if not registration.email:
        return None
    return OutboxMessage(
        key=f"{registration.event}:{registration.joined}:{kind}:{registration.changes}",
        about=f"events/{registration.event}",
        kind=kind,
        language=registration.language,
        recipient=registration.email,
        subject=kind,
        body=f"{registration.name} {registration.code} {position}",
    )


class OutreachApp:
    """An application on the sample content with one open event, and a person who fills in forms."""

    def __init__(self, app: Flask, content: Path) -> None:
        self.app, self.content = app, content
        self.client = app.test_client()

    def stamp(self, purpose: str = f"register:{SLUG}", *, age: timedelta = timedelta(minutes=1)) -> str:
        """A stamp of a form that was shown a while ago."""
        secret = str(self.app.config["SECRET_KEY"])
        return FormTokens(secret=secret, purpose=purpose).fresh(datetime.now(UTC) - age)

    def register(self, number: int = 1, **typed: str) -> TestResponse:
        """Send the form as a person fills it in."""
        fields = fields_of(number, typed.pop("stamp", self.stamp()), **typed)
        return self.client.post(f"/id/events/{SLUG}/register", data=fields)

    def code_of(self, number: int = 1, **typed: str) -> str:
        """Register and give the code."""
        answer = self.register(number, **typed)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        if not answer.headers["Location"].endswith("/registered"):
            return answer.headers["Location"].rpartition("/")[2]
        return self.code_in_letter(typed.get("email", f"warga{number}@example.org"))

    def code_in_letter(self, email: str) -> str:
        """The code of the newest letter to this address that is not sent yet or was."""
        with self.database() as session:
            query = select(OutgoingMail.body).where(OutgoingMail.recipient == email).order_by(OutgoingMail.id.desc())
            body = session.scalar(query)
        assert body is not None
        (code,) = set(re.findall(r"/events/registration/(\w+)", body))
        return str(code)

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session on the application's database."""
        with self.app.app_context(), app_sessions()() as opened:
            yield opened

    def work(self, now: datetime | None = None) -> list[EmailMessage]:
        """Run the jobs of events and mail once; the messages sent so far."""
        moment = now or datetime.now(UTC)
        with self.app.app_context():
            maintain_events(moment)
        with self.app.app_context():
            send_mail(moment)
            sent: list[EmailMessage] = mailer().sent  # type: ignore[attr-defined]
        return sent

    def rewrite(self, **facts: Any) -> None:
        """Write the event anew."""
        write_event(self.content, **facts)
        self.reload_content()

    def reload_content(self) -> None:
        """Let the site notice at once what changed in the folder."""
        with self.app.app_context():
            portal().generations.bump_content()


@pytest.fixture
def outreach(make_app: AppFactory, tmp_path: Path) -> OutreachApp:
    content = content_with_event(tmp_path / "outreach", capacity=3)
    app = make_app(content=content)
    prepare(app)
    return OutreachApp(app, content)
