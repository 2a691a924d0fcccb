"""Signatures of commits: git and ssh-keygen accept them, ours accept theirs, and nothing else passes."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.content.sources.repository import ContentRepository, Person
from portal.content.sources.signing import InvalidKey, Signers, SigningKey, UnsignedCommit, fingerprint

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
ME = Person("Maria", "maria@kantor.example")


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey(tmp_path / "audit_key")


def git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(repository), "-c", "user.name=x", "-c", "user.email=x@y", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def signed_commit(folder: Path, key: SigningKey | None) -> tuple[Path, str]:
    repository = ContentRepository.create(folder / "content.git", key=key)
    commit = repository.save({"a/é": b"x"}, author=ME, message="Satu\n\nRevision: 1\n", at=NOW, expected="")
    repository.close()
    return repository.path, commit


def check(path: Path, commit: str, signers: Signers, at: datetime = NOW) -> None:
    repository = ContentRepository(path)
    try:
        signers.check(repository.commit(commit), at)
    finally:
        repository.close()


def test_git_verifies_what_the_site_signs(tmp_path: Path, key: SigningKey) -> None:
    path, commit = signed_commit(tmp_path, key)
    allowed = tmp_path / "signers"
    allowed.write_text(f"{key.line}\n")
    verified = git(path, "-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", "--raw", commit)
    assert (verified.returncode, f"ED25519 key {fingerprint(key.public)}" in verified.stderr) == (0, True)
    allowed.write_text(f"{SigningKey(tmp_path / 'other').line}\n")
    assert git(path, "-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", commit).returncode != 0


def test_the_site_verifies_what_git_signs(tmp_path: Path, key: SigningKey) -> None:
    assert key.line
    path, _commit = signed_commit(tmp_path, None)
    options = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key.path}")
    tree = git(path, "rev-parse", "HEAD^{tree}").stdout.strip()
    made = git(path, *options, "commit-tree", "-S", "-m", "Dua", tree)
    assert made.returncode == 0, made.stderr
    signers = Signers.of_lines([key.line])
    check(path, made.stdout.strip(), signers)
    with pytest.raises(UnsignedCommit, match="which is not allowed"):
        check(path, made.stdout.strip(), Signers.of_lines([SigningKey(tmp_path / "other").line]))


def test_the_key_is_an_ordinary_key_of_its_owner_alone(tmp_path: Path, key: SigningKey) -> None:
    line = key.line
    assert key.path.stat().st_mode & 0o777 == 0o600
    shown = subprocess.run(["ssh-keygen", "-y", "-f", key.path], capture_output=True, text=True, check=True).stdout
    assert shown.split()[1] == line.split()[-1]
    assert SigningKey(key.path).line == line
    assert [path.name for path in tmp_path.iterdir()] == ["audit_key"]


def test_a_commit_without_or_with_a_moved_signature_is_refused(tmp_path: Path, key: SigningKey) -> None:
    signers = Signers.of_lines([key.line])
    path, commit = signed_commit(tmp_path, None)
    with pytest.raises(UnsignedCommit, match="is not signed"):
        check(path, commit, signers)
    repository = ContentRepository(path)
    unsigned = repository.commit(commit)
    for signature in (key.sign(b"other contents"), b"-----BEGIN PGP SIGNATURE-----\n\nx\n", b"", b"\0" * 40):
        unsigned.gpgsig = signature
        with pytest.raises(UnsignedCommit):
            signers.check(unsigned, NOW)
    unsigned.gpgsig = None
    signature = key.sign(unsigned.as_raw_string())
    unsigned.gpgsig = signature
    signers.check(unsigned, NOW)
    lines = signature.split(b"\n")
    for length in range(1, len(lines) - 1):
        unsigned.gpgsig = b"\n".join([*lines[:length], lines[-1]])
        with pytest.raises(UnsignedCommit):
            signers.check(unsigned, NOW)
    repository.close()


def test_times_of_allowed_signers_count(tmp_path: Path, key: SigningKey) -> None:
    path, commit = signed_commit(tmp_path, key)
    public = key.line.split(" ", 2)[2]
    former = Signers.of_lines([f'portal namespaces="git",valid-before="20261201020000Z" {public}'])
    check(path, commit, former)
    with pytest.raises(UnsignedCommit):
        check(path, commit, former, datetime(2026, 12, 1, 2, 0, tzinfo=UTC))
    with pytest.raises(UnsignedCommit):
        check(path, commit, Signers.of_lines([f"portal valid-after=20261202 {public}"]))


def test_keys_are_read_from_a_file_or_a_text(tmp_path: Path, key: SigningKey) -> None:
    public = key.line.split(" ", 2)[2]
    (tmp_path / "keys").write_text(f"# ours\n\n{public} machine of the office\n{key.line}\n")
    assert [one.public for one in Signers.read(str(tmp_path / "keys")).allowed] == [key.public] * 2
    assert [one.public for one in Signers.read(f"{public};{key.line}").allowed] == [key.public] * 2


@pytest.mark.parametrize(
    "named",
    ["/nowhere", "ssh-rsa AAAAB3NzaC1yc2E= x", "x cert-authority ssh-ed25519 AAAA", "# ssh-ed25519", "ssh-ed25519"],
)
def test_what_is_no_key_is_refused(named: str) -> None:
    with pytest.raises(InvalidKey):
        Signers.read(named)
