"""Settings: what production refuses, each in one sentence that names the variable and the remedy."""

from __future__ import annotations

import random
import string

import pytest

from portal.settings import SettingsError, from_environment

SAFE = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "Yx3p-0Qw7ZtV9_bLmN4sKcR8uHdF2eGaJ6iToP1k",
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_SMTP_HOST": "mail.portal.example",
}


def test_a_safe_production_starts() -> None:
    settings = from_environment(SAFE)
    assert settings.is_production
    assert settings.mail == "smtp"


@pytest.mark.parametrize(
    ("changed", "named", "remedy"),
    [
        ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY", "token_urlsafe"),
        ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY", "token_urlsafe"),
        ({"PORTAL_SECRET_KEY": "b" * 48}, "PORTAL_SECRET_KEY", "token_urlsafe"),
        ({"PORTAL_SECRET_KEY": "change-me-" * 5}, "PORTAL_SECRET_KEY", "token_urlsafe"),
        ({"PORTAL_SECRET_KEY": "0123456789abcdef" * 3}, "PORTAL_SECRET_KEY", "token_urlsafe"),
        ({"PORTAL_BASE_URL": ""}, "PORTAL_BASE_URL", "https://"),
        ({"PORTAL_AUDIT_KEY": "/nowhere/key"}, "PORTAL_AUDIT_KEY", "ssh-keygen -t ed25519 -N '' -f /nowhere/key"),
        ({"PORTAL_BASE_URL": "http://portal.example"}, "PORTAL_BASE_URL", "PORTAL_ALLOW_HTTP=1"),
        ({"PORTAL_ALLOW_HTTP": "yes"}, "PORTAL_ALLOW_HTTP", "0, 1"),
        ({"PORTAL_SMTP_HOST": ""}, "PORTAL_MAIL", "PORTAL_SMTP_HOST"),
        ({"PORTAL_MAIL": "console"}, "PORTAL_MAIL", "PORTAL_SMTP_HOST"),
        ({"PORTAL_MAIL": "memory"}, "PORTAL_MAIL", "PORTAL_SMTP_HOST"),
        ({"PORTAL_SMTP_PLAINTEXT": "1"}, "PORTAL_SMTP_PLAINTEXT", "unset"),
        ({"PORTAL_CLOCK": "2026-01-01T00:00+08:00"}, "PORTAL_CLOCK", "unset"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG", "unset"),
    ],
)
def test_an_unsafe_production_is_refused(changed: dict[str, str], named: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as refused:
        from_environment({**SAFE, **changed})
    words = str(refused.value)
    assert words.startswith(named)
    assert remedy in words
    assert "\n" not in words


def test_plain_http_is_an_explicit_word() -> None:
    settings = from_environment({**SAFE, "PORTAL_BASE_URL": "http://127.0.0.1:8000", "PORTAL_ALLOW_HTTP": "1"})
    assert settings.base_url.startswith("http://")


@pytest.mark.parametrize(("signs", "length"), [(string.ascii_letters + string.digits, 64), (string.hexdigits[:16], 32)])
def test_random_secrets_are_taken(signs: str, length: int) -> None:
    chance = random.Random(7)
    for _ in range(300):
        secret = "".join(chance.choices(signs, k=length))
        assert from_environment({**SAFE, "PORTAL_SECRET_KEY": secret}).is_production


def test_development_needs_none_of_it() -> None:
    assert from_environment({}).mail == "console"
