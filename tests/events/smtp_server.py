"""A real SMTP server on loopback that keeps what it accepted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller

from tests.events.event_site import free_port


class SmtpInbox:
    """Everything that was accepted, in order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.notifications: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  The server's naming.
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.notifications.append(cast(EmailMessage, message))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages that one person got."""
        return [message for message in self.notifications if message["To"] == address]


@contextmanager
def open_smtp_inbox() -> Iterator[SmtpInbox]:
    """Run the server on a free port."""
    box = SmtpInbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
