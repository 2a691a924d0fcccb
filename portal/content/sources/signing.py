"""Signatures of commits in SSH's format (PROTOCOL.sshsig, namespace `git`) with Ed25519, as `git verify-commit` reads.

The format is written here because dulwich signs through a process of ssh-keygen, which a server need not have.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import struct
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dulwich.objects import Commit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_TYPE = b"ssh-ed25519"
NAMESPACE = b"git"
_MAGIC = b"SSHSIG"
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_ARMOR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n(.*?)\n?-----END SSH SIGNATURE-----", re.S)
_OPTION = re.compile(r'([a-z-]+)(?:=(?:"([^"]*)"|(\S*)))?(?:,|\s+)?')
_KEY = re.compile(r"(?:^|\s)(ssh-ed25519|ssh-rsa|ecdsa-\S+|sk-\S+)\s+([A-Za-z0-9+/=]+)")
_TIMES = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


class InvalidKey(Exception):
    """A key or a list of keys cannot be read; the message names it and says what is expected."""


class UnsignedCommit(Exception):
    """A commit has no signature, or none of a known key; the message says which."""


@dataclass(frozen=True)
class SigningKey:
    """The private key in the file `path`, OpenSSH's format; made there, for its owner alone, when first needed."""

    path: Path

    def sign(self, data: bytes) -> bytes:
        """The signature of the data as git keeps it in a commit."""
        signed = self._private.sign(_signed(data, b"sha512"))
        parts = (_public_blob(self.public), NAMESPACE, b"", b"sha512", _strings(KEY_TYPE, signed))
        encoded = base64.b64encode(_MAGIC + struct.pack(">I", 1) + _strings(*parts)).decode()
        lines = "\n".join(textwrap.wrap(encoded, 70))
        return f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----".encode()

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    @property
    def line(self) -> str:
        """The public key as a line of a file of allowed signers."""
        return f'portal namespaces="git" {KEY_TYPE.decode()} {base64.b64encode(_public_blob(self.public)).decode()}'

    @property
    def _private(self) -> Ed25519PrivateKey:
        if not self.path.exists():
            self._make()
        status = self.path.stat()
        return _loaded(self.path, status.st_mtime_ns, status.st_ino)

    def _make(self) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        form = serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(Ed25519PrivateKey.generate().private_bytes(*form))
        try:
            # A hard link fails when another process was first, so all sign with one key.
            self.path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()


@dataclass(frozen=True)
class Signer:
    """One allowed public key and the times of commits for which it counts; None leaves a side open."""

    public: bytes
    valid_after: datetime | None = None
    valid_before: datetime | None = None

    def counts_at(self, at: datetime) -> bool:
        """Whether the key counts for a commit of that time."""
        is_begun = self.valid_after is None or at >= self.valid_after
        return is_begun and (self.valid_before is None or at < self.valid_before)


@dataclass(frozen=True)
class Signers:
    """The keys whose commits are accepted."""

    allowed: tuple[Signer, ...]

    @classmethod
    def read(cls, named: str) -> Signers:
        """The keys in the file of that name (allowed signers or public keys), or in the text itself.

        Raises InvalidKey for a file that cannot be read, a line that is no Ed25519 key, and when no key is left.
        """
        if "ssh-" in named:
            lines = re.split(r"[\n;]", named)
        else:
            try:
                lines = Path(named).read_text(encoding="utf-8").splitlines()
            except OSError as error:
                raise InvalidKey(f"{named} cannot be read: {error.strerror}") from None
        return cls.of_lines(lines)

    @classmethod
    def of_lines(cls, lines: Iterable[str]) -> Signers:
        """The keys of these lines; empty lines and comments do not count."""
        written = [line.strip() for line in lines]
        allowed = tuple(_signer(line) for line in written if line and not line.startswith("#"))
        if not allowed:
            raise InvalidKey("there is no key in the list of signers")
        return cls(allowed)

    def check(self, commit: Commit, at: datetime) -> None:
        """Raise UnsignedCommit unless a known key signed the commit; `at` is the time of its committer."""
        id_ = commit.id.decode()[:12]
        if not commit.gpgsig:
            raise UnsignedCommit(f"commit {id_} is not signed")
        try:
            public, hash_, signature = _parts(commit.gpgsig)
        except ValueError:
            raise UnsignedCommit(f"commit {id_} has a signature that is none of SSH with an Ed25519 key") from None
        if not any(signer.public == public and signer.counts_at(at) for signer in self.allowed):
            raise UnsignedCommit(f"commit {id_} is signed by the key {fingerprint(public)}, which is not allowed")
        if not _is_valid(public, signature, _signed(commit.raw_without_sig(), hash_)):
            raise UnsignedCommit(f"commit {id_} has a signature of other contents")


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed_at: int, _inode: int) -> Ed25519PrivateKey:
    """The private key in a file, read again when another one lies there."""
    # Imported where it is used: most processes of the site sign nothing.
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_ssh_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise InvalidKey(f"{path} cannot be read as a private key without a passphrase: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidKey(f"{path} is no Ed25519 key; make one with: ssh-keygen -t ed25519 -N '' -f {path}")
    return key


def fingerprint(public: bytes) -> str:
    """The fingerprint of a public key as ssh-keygen shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(_public_blob(public)).digest()).decode().rstrip("=")


def _is_valid(public: bytes, signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(data: bytes, hash_: bytes) -> bytes:
    return _MAGIC + _strings(NAMESPACE, b"", hash_, _HASHES[hash_](data).digest())


def _strings(*parts: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def _public_blob(public: bytes) -> bytes:
    return _strings(KEY_TYPE, public)


def _parts(signature: bytes) -> tuple[bytes, bytes, bytes]:
    """The public key, the name of the hash and the signature itself; raises ValueError for anything else."""
    matched = _ARMOR.search(signature)
    try:
        raw = base64.b64decode(b"".join((matched[1] if matched else b"").split()), validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None
    if raw[:10] != _MAGIC + struct.pack(">I", 1):
        raise ValueError("no signature of SSH")
    blob, namespace, _reserved, hash_, signed = _read(raw[10:], 5)
    kind, public = _read(blob, 2)
    signed_kind, value = _read(signed, 2)
    if namespace != NAMESPACE or hash_ not in _HASHES or {kind, signed_kind} != {KEY_TYPE}:
        raise ValueError("another kind of signature")
    return public, hash_, value


def _read(raw: bytes, number: int) -> list[bytes]:
    def parts() -> Iterator[bytes]:
        at = 0
        while at < len(raw):
            if at + 4 > len(raw):
                raise ValueError("cut short")
            (length,) = struct.unpack_from(">I", raw, at)
            if at + 4 + length > len(raw):
                raise ValueError("cut short")
            yield raw[at + 4 : at + 4 + length]
            at += 4 + length

    result = list(parts())
    if len(result) != number:
        raise ValueError("other parts")
    return result


def _signer(line: str) -> Signer:
    matched = _KEY.search(line)
    kind, public = b"", b""
    if matched:
        try:
            kind, public = _read(base64.b64decode(matched[2], validate=True), 2)
        except (binascii.Error, ValueError):
            kind = b""
    if matched is None or kind != KEY_TYPE or len(public) != 32:
        raise InvalidKey(f"'{line[:60]}' is no public Ed25519 key (ssh-ed25519 AAAA…) or line of allowed signers")
    # What stands before the key: principals, then options.
    options = {
        name: quoted or plain for name, quoted, plain in _OPTION.findall(line[: matched.start()].partition(" ")[2])
    }
    if "cert-authority" in options:
        raise InvalidKey(f"'{line[:60]}' names an authority of certificates; list the keys themselves")
    return Signer(public, _time(options.get("valid-after", "")), _time(options.get("valid-before", "")))


def _time(written: str) -> datetime | None:
    if not written:
        return None
    digits = written.removesuffix("Z")
    try:
        moment = datetime.strptime(digits, _TIMES.get(len(digits), "none"))
    except ValueError:
        raise InvalidKey(f"'{written}' is no time of allowed signers; write 20261231 or 202612311200Z") from None
    # Without a Z it is the time of this machine, as for ssh-keygen.
    return moment.replace(tzinfo=UTC) if written.endswith("Z") else moment.astimezone()
