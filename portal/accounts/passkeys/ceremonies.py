"""What a browser and its passkey are asked, and whether what they answer is right; the library is `webauthn`.

Each question holds a challenge that stands in the browser's own session, for five minutes and one purpose.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import request, session
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from portal.accounts.models import Passkey, Staff
from portal.web.clock import real_instant
from portal.web.languages import language
from portal.web.pages import catalogue

KEY = "passkey"
SECONDS = 300
LONGEST = 10_000
ADD, ENTER = "add", "enter"


class PasskeyRefused(Exception):
    """What the browser sent proves nothing."""


def registration_options(staff: Staff) -> str:
    """The question for a new passkey of this person, as JSON; those that they have are not made twice."""
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=_host(),
            rp_name=catalogue().site.short_name.text(language()),
            user_id=staff.id.encode(),
            user_name=staff.email,
            user_display_name=staff.name,
            challenge=_new_challenge(ADD),
            timeout=SECONDS * 1000,
            exclude_credentials=_descriptors(staff.passkeys),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
    )


def authentication_options(staff: Staff | None) -> str:
    """The question for a passkey, as JSON: one of this person, or any that the browser has for this site."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=_host(),
            challenge=_new_challenge(ENTER),
            timeout=SECONDS * 1000,
            allow_credentials=_descriptors(staff.passkeys) if staff else None,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def registered(answer: str) -> VerifiedRegistration:
    """The new passkey that this answer proves; raises PasskeyRefused."""
    challenge, _asked_at = _taken_challenge(ADD)
    with _refusing():
        return webauthn.verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    raise PasskeyRefused


def parsed(answer: str) -> AuthenticationCredential:
    """The answer of a passkey, not judged yet; raises PasskeyRefused."""
    with _refusing():
        return webauthn.helpers.parse_authentication_credential_json(_bounded(answer))
    raise PasskeyRefused


def authenticated(answer: AuthenticationCredential, passkey: Passkey) -> tuple[VerifiedAuthentication, datetime]:
    """What this answer of that passkey proves, and when it was asked for; raises PasskeyRefused."""
    challenge, asked_at = _taken_challenge(ENTER)
    handle = answer.response.user_handle
    if handle and handle != passkey.staff.encode():
        raise PasskeyRefused
    with _refusing():
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        return verified, asked_at
    raise PasskeyRefused


def _new_challenge(purpose: str) -> bytes:
    challenge = secrets.token_bytes(32)
    session[KEY] = [purpose, bytes_to_base64url(challenge), real_instant().timestamp()]
    return challenge


def _taken_challenge(purpose: str) -> tuple[bytes, datetime]:
    kept: Any = session.pop(KEY, None)
    if not kept or kept[0] != purpose or not 0 <= real_instant().timestamp() - kept[2] < SECONDS:
        raise PasskeyRefused
    return base64url_to_bytes(kept[1]), datetime.fromtimestamp(kept[2], UTC)


def _descriptors(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in passkeys]


def _bounded(answer: str) -> str:
    if not 0 < len(answer) <= LONGEST:
        raise PasskeyRefused
    return answer


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuse what the library cannot read or does not believe."""
    try:
        yield
    except (WebAuthnException, ValueError, KeyError, TypeError, IndexError, EOFError, AttributeError, struct.error):
        raise PasskeyRefused from None


def _origin() -> str:
    return request.host_url.rstrip("/")


def _host() -> str:
    return urlsplit(request.host_url).hostname or ""
