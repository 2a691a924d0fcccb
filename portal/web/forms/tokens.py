"""Signed single-use tokens for forms without a session, and the honeypot field."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

# Nobody reads a form and fills it in faster; a machine does.
FASTEST = timedelta(seconds=2)
OLDEST = timedelta(hours=24)
# A field that people do not see and browsers do not fill in.
HONEYPOT = "website"


class TokenForged(Exception):
    """The token was not made here for this form."""


class TokenExpired(Exception):
    """The form is older than a day."""


class SubmittedTooFast(Exception):
    """The form came back before anybody could have read it."""


@dataclass(frozen=True, kw_only=True)
class FormTokens:
    """Makes and reads the tokens of one kind of form; the purpose keeps kinds apart."""

    secret: str
    purpose: str

    def fresh(self, now: datetime) -> str:
        """A new signed token for a form that is rendered at `now`."""
        return self._serializer().dumps([secrets.token_hex(12), int(now.timestamp())])

    def read(self, signed: str, *, now: datetime) -> str:
        """The single-use token in a signed one; raises TokenForged, TokenExpired or SubmittedTooFast."""
        try:
            token, made = self._serializer().loads(signed[:300])
        except (BadSignature, ValueError, TypeError) as error:
            raise TokenForged from error
        age = now - datetime.fromtimestamp(made, tz=now.tzinfo)
        if age > OLDEST:
            raise TokenExpired
        if age < FASTEST:
            raise SubmittedTooFast
        return hashlib.sha256(f"{self.purpose}:{token}".encode()).hexdigest()

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=f"form:{self.purpose}")


def digest_of(*parts: str) -> str:
    """Give a digest by which the same form sent twice is recognised."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
