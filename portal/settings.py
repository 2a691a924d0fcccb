"""Settings: defaults, the environment, and the checks that stop an unsafe production start."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("development", "test", "production")
MAIL_TRANSPORTS = ("console", "smtp", "memory")
SHORTEST_SECRET = 32
# Different pairs of neighbours in a secret: 32 random hexadecimal digits have 29 of them, a repeated word as many as
# it has letters.
FEWEST_PAIRS = 20
MAKING_ONE = 'This makes one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


class SettingsError(Exception):
    """A setting is missing, malformed or unsafe; the message says which and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the site is told from outside. Times are aware; paths are absolute."""

    environment: str = "development"
    instance: Path = PROJECT / "instance"
    content: str = str(PROJECT / "content")
    content_is_repository: bool = False
    content_remote: str = ""
    content_signers: str = ""
    audit_key: str = ""
    backup_recipients: tuple[str, ...] = ()
    database_url: str = ""
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    allow_http: bool = False
    trusted_proxies: int = 0
    clock: datetime | None = None
    workers: int = 2
    mail: str = "console"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_plaintext: bool = False
    mail_from: str = ""
    page_cache_bytes: int = 80 * 1024 * 1024
    policy_reports: bool = False

    @property
    def audit_key_path(self) -> Path:
        """The file of the private key that signs commits and checkpoints: the setting, else one in the instance."""
        return Path(self.audit_key).absolute() if self.audit_key else self.instance / "audit_key"

    @property
    def is_production(self) -> bool:
        """Whether readers other than the developer reach this process."""
        return self.environment == "production"


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read the PORTAL_ variables; raises SettingsError naming the variable, what it holds and what is allowed."""
    environment = environ.get("PORTAL_ENV", "") or "development"
    if environment not in ENVIRONMENTS:
        raise SettingsError(f"PORTAL_ENV is '{environment}'; allowed: {', '.join(ENVIRONMENTS)}.")
    instance = Path(environ.get("PORTAL_INSTANCE") or PROJECT / "instance").absolute()
    content, is_repository = _content(environ, environment=environment, instance=instance)
    settings = Settings(
        environment=environment,
        instance=instance,
        content=content,
        content_is_repository=is_repository,
        content_remote=environ.get("PORTAL_CONTENT_REMOTE", ""),
        content_signers=environ.get("PORTAL_CONTENT_SIGNERS", ""),
        audit_key=environ.get("PORTAL_AUDIT_KEY", ""),
        backup_recipients=tuple(environ.get("PORTAL_BACKUP_RECIPIENTS", "").replace(",", " ").split()),
        database_url=environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{instance / 'portal.sqlite3'}",
        secret_key=environ.get("PORTAL_SECRET_KEY", ""),
        base_url=_base_url(environ, environment=environment),
        allow_http=_switch(environ, "PORTAL_ALLOW_HTTP"),
        trusted_proxies=_whole(environ, "PORTAL_TRUSTED_PROXIES", default=0),
        clock=_clock(environ),
        workers=_whole(environ, "PORTAL_WORKERS", default=2),
        mail=_mail_transport(environ, environment=environment),
        smtp_host=environ.get("PORTAL_SMTP_HOST", "127.0.0.1"),
        smtp_port=_whole(environ, "PORTAL_SMTP_PORT", default=25),
        smtp_user=environ.get("PORTAL_SMTP_USER", ""),
        smtp_password=environ.get("PORTAL_SMTP_PASSWORD", ""),
        smtp_plaintext=_switch(environ, "PORTAL_SMTP_PLAINTEXT"),
        mail_from=environ.get("PORTAL_MAIL_FROM", ""),
        policy_reports=_switch(environ, "PORTAL_POLICY_REPORTS"),
        page_cache_bytes=_whole(environ, "PORTAL_PAGE_CACHE_BYTES", default=Settings.page_cache_bytes),
    )
    if settings.is_production:
        refuse_unsafe(settings, environ)
    return settings


def refuse_unsafe(settings: Settings, environ: Mapping[str, str]) -> None:
    """Raise SettingsError, in one sentence, when a production start would be unsafe."""
    _refuse_weak_secret(settings.secret_key)
    if settings.audit_key and not settings.audit_key_path.is_file():
        raise SettingsError(
            f"PORTAL_AUDIT_KEY is '{settings.audit_key}', where no file is; "
            f"make one with: ssh-keygen -t ed25519 -N '' -f {settings.audit_key_path}"
        )
    if settings.clock:
        raise SettingsError("PORTAL_CLOCK is set; production tells the real time only, so unset it.")
    if environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        raise SettingsError("FLASK_DEBUG is on; production never runs the debugger, so unset it.")
    if not environ.get("PORTAL_BASE_URL"):
        raise SettingsError("PORTAL_BASE_URL is not set; give the public address, such as https://portal.example.")
    if not settings.base_url.startswith("https://") and not settings.allow_http:
        raise SettingsError(
            "PORTAL_BASE_URL is not an https address, so sign-ins could be read on their way; give the https address, "
            "or set PORTAL_ALLOW_HTTP=1 for a trial that no reader reaches."
        )
    if settings.mail != "smtp":
        raise SettingsError(
            f"PORTAL_MAIL is '{settings.mail}', which sends nothing and may print what people wrote; "
            "set PORTAL_SMTP_HOST to the mail server."
        )
    if settings.smtp_plaintext:
        raise SettingsError(
            "PORTAL_SMTP_PLAINTEXT is set; production gives the mail password over TLS only, so unset it."
        )


def _refuse_weak_secret(secret: str) -> None:
    if not secret:
        raise SettingsError(f"PORTAL_SECRET_KEY is not set; give production a secret of its own. {MAKING_ONE}")
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"PORTAL_SECRET_KEY is shorter than {SHORTEST_SECRET} characters; give a random one. {MAKING_ONE}"
        )
    if len(set(pairwise(secret))) < FEWEST_PAIRS:
        raise SettingsError(f"PORTAL_SECRET_KEY repeats itself, so it can be guessed; give a random one. {MAKING_ONE}")


def secret_of_instance(settings: Settings) -> str:
    """The secret key: the setting, else one generated once in the instance with mode 0600."""
    if settings.secret_key:
        return settings.secret_key
    settings.instance.mkdir(parents=True, exist_ok=True)
    path = settings.instance / "secret"
    if not path.exists():
        fresh = path.with_name(f"secret.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            # A hard link fails when another process was first, so every worker signs with one secret.
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


def _content(environ: Mapping[str, str], *, environment: str, instance: Path) -> tuple[str, bool]:
    named = environ.get("PORTAL_CONTENT", "")
    if not named and environment == "production":
        named = str(instance / "content.git")
    if not named:
        return str(PROJECT / "content"), False
    path = Path(named).absolute()
    return str(path), path.name.endswith(".git") or (path / "HEAD").is_file()


def _base_url(environ: Mapping[str, str], *, environment: str) -> str:
    named = environ.get("PORTAL_BASE_URL", "").rstrip("/")
    if not named:
        return f"http://127.0.0.1:{environ.get('PORT', '8000')}"
    parts = urlsplit(named)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
        raise SettingsError(
            f"PORTAL_BASE_URL is '{named}'; give scheme and host alone, such as https://portal.example."
        )
    return named


def _clock(environ: Mapping[str, str]) -> datetime | None:
    named = environ.get("PORTAL_CLOCK", "")
    if not named:
        return None
    try:
        clock = datetime.fromisoformat(named)
    except ValueError:
        raise SettingsError(f"PORTAL_CLOCK is '{named}'; give an ISO time such as 2026-12-24T10:00+08:00.") from None
    if clock.tzinfo is None:
        raise SettingsError(f"PORTAL_CLOCK is '{named}' without an offset; write 2026-12-24T10:00+08:00.")
    return clock


def _mail_transport(environ: Mapping[str, str], *, environment: str) -> str:
    default = "memory" if environment == "test" else "console"
    named = environ.get("PORTAL_MAIL", "") or ("smtp" if environ.get("PORTAL_SMTP_HOST") else default)
    if named not in MAIL_TRANSPORTS:
        raise SettingsError(f"PORTAL_MAIL is '{named}'; allowed: {', '.join(MAIL_TRANSPORTS)}.")
    return named


def _whole(environ: Mapping[str, str], name: str, *, default: int) -> int:
    named = environ.get(name, "")
    if not named:
        return default
    if not named.isdecimal():
        raise SettingsError(f"{name} is '{named}'; give a whole number.")
    return int(named)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    named = environ.get(name, "")
    if named not in ("", "0", "1"):
        raise SettingsError(f"{name} is '{named}'; allowed: 0, 1.")
    return named == "1"
