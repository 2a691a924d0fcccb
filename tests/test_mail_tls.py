"""SMTP with a password: it goes over TLS or not at all; real servers on loopback."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from portal.mail import MailUnavailable, SmtpMailer
from tests.events.event_site import free_port
from tests.test_deploy import certificate

pytestmark = pytest.mark.system
USER, PASSWORD = "portal", "only over TLS"


class Inbox:
    """What a server was told: passwords and messages."""

    def __init__(self) -> None:
        self.passwords: list[bytes] = []
        self.messages = 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  The server's naming.
        self.messages += 1
        return "250 OK"

    def sign_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.passwords.append(data.password)
        return AuthResult(success=True)


@contextmanager
def server(tls: ssl.SSLContext | None = None) -> Iterator[tuple[Inbox, int]]:
    inbox, port = Inbox(), free_port()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=tls,
        authenticator=inbox.sign_in,
        auth_required=tls is not None,
        auth_require_tls=tls is not None,
    )
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "portal@example.org", "ana@example.org", "Anda terdaftar"
    made.set_content("Kode: K7QF")
    return made


def test_without_tls_the_password_stays_here() -> None:
    with server() as (inbox, port):
        mailer = SmtpMailer(host="127.0.0.1", port=port, user=USER, password=PASSWORD)
        with pytest.raises(MailUnavailable, match="TLS"):
            mailer.send(message())
    assert (inbox.passwords, inbox.messages) == ([], 0)


def test_a_trial_may_say_that_it_goes_without() -> None:
    with server() as (inbox, port):
        SmtpMailer(host="127.0.0.1", port=port, user=USER, password=PASSWORD, plaintext=True).send(message())
    assert (inbox.passwords, inbox.messages) == ([PASSWORD.encode()], 1)


def test_with_tls_it_is_sent_and_a_stranger_s_certificate_is_not_trusted(tmp_path: Path) -> None:
    certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
    with server(context) as (inbox, port):
        mailer = SmtpMailer(host="127.0.0.1", port=port, user=USER, password=PASSWORD)
        with pytest.raises(MailUnavailable):
            mailer.send(message())
        assert inbox.passwords == []
        known = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
        known.check_hostname = False
        mailer.context = known
        mailer.send(message())
    assert (inbox.passwords, inbox.messages) == ([PASSWORD.encode()], 1)
