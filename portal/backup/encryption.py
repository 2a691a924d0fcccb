"""Backups encrypted to public keys in the age format (https://age-encryption.org/v1); private keys stay elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

SUFFIX = ".age"
_HEAD = b"age-encryption.org/v1"


class WrongKey(Exception):
    """A recipient or an identity cannot be used, or does not fit the file; the message says which."""


def is_encrypted(path: Path) -> bool:
    """Whether the file begins as an age file does."""
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD


def require_recipients(keys: Sequence[str]) -> None:
    """Raise WrongKey unless every key is a public key of age."""
    _recipients(keys)


def encrypt(source: Path, to: Path, keys: Sequence[str]) -> None:
    """Write the file so that each of these keys can read it, for its owner only, whole or not at all."""
    # Imported here: only backups need it.
    import pyrage

    recipients = _recipients(keys)
    partial = to.with_name(to.name + ".partial")
    try:
        partial.touch(mode=0o600)
        with source.open("rb") as plain, partial.open("wb") as encrypted:
            pyrage.encrypt_io(plain, encrypted, recipients)
            encrypted.flush()
            os.fsync(encrypted.fileno())
        partial.rename(to)
    finally:
        partial.unlink(missing_ok=True)


def decrypt(source: Path, to: Path, identity: Path | None) -> None:
    """Write the plain file, for its owner only; `identity` is the file of private keys. Raises WrongKey."""
    import pyrage

    if identity is None:
        raise WrongKey("it is encrypted; name the file of its private key with --identity")
    try:
        lines = identity.read_text(encoding="utf-8").splitlines()
        identities = [pyrage.x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-")]
        to.touch(mode=0o600)
        with source.open("rb") as encrypted, to.open("wb") as plain:
            pyrage.decrypt_io(encrypted, plain, identities)
    except (pyrage.IdentityError, pyrage.DecryptError, UnicodeDecodeError) as error:
        raise WrongKey(f"it cannot be decrypted with {identity}: {error}") from None


def _recipients(keys: Sequence[str]) -> list[object]:
    import pyrage

    recipients: list[object] = []
    for key in keys:
        try:
            recipients.append(pyrage.x25519.Recipient.from_str(key))
        except pyrage.RecipientError as error:
            raise WrongKey(
                f"PORTAL_BACKUP_RECIPIENTS holds '{key[:80]}', which is no public key of age: {error}"
            ) from None
    return recipients
