"""Commands about what is proved: the log of actions, the key that signs, the commit that readers get."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.accounts import audit
from portal.content.sources.adoption import ADOPTED, FORMER_SIGNERS, adopt
from portal.content.sources.repository import AUDIT, ContentRepository
from portal.content.sources.signing import InvalidKey, SigningKey, fingerprint
from portal.publishing import wiring
from portal.publishing.checkpoints.verification import Report
from portal.publishing.checkpoints.wiring import record_of, verify_log
from portal.web.operations.commands import answer, json_option
from portal.web.state import portal
from portal.web.transactions import sessions


@click.command("verify-audit")
@json_option
@with_appcontext
def verify_audit(*, as_json: bool) -> None:
    """Verify the log of actions and publications; ends with status 1 when something is not as it was written."""
    now = _now()
    try:
        report = verify_log(now)
    except InvalidKey as error:
        raise click.ClickException(f"PORTAL_CONTENT_SIGNERS: {error}.") from None
    remote = _remote_words()
    kept = record_of(report, now)
    data = {
        "entries": report.length,
        "before_chain": report.started_with,
        "checkpoints": report.made,
        "proved": kept.proved,
        "checkpoint_at": kept.checkpoint_at,
        "findings": kept.findings,
        "remote": remote,
    }
    answer(data, as_json=as_json, text="\n".join([*_report_lines(report), *([remote] if remote else [])]))
    if report.findings:
        raise click.exceptions.Exit(1)


def _report_lines(report: Report) -> list[str]:
    lines = [f"NOT AS IT WAS WRITTEN: {finding}" for finding in report.findings[:1]]
    lines += [f"also: {finding}" for finding in report.findings[1:]]
    if report.started_with:
        lines.append(
            f"Entries 1 to {report.started_with} are of rows from before the chain, as they were at its start."
        )
    if report.proved is None:
        lines.append(f"{report.length} entries; no checkpoint proves them yet.")
    else:
        at = report.proved.at.isoformat(timespec="seconds")
        lines.append(
            f"{report.length} entries; proved up to entry {report.proved.position} by the checkpoint of {at}, "
            f"{report.made} checkpoints in all."
        )
    return lines


def _remote_words() -> str:
    """How the checkpoints of the other copy stand to those here, where there is one."""
    remote = portal().settings.content_remote
    if not remote or not wiring.can_publish():
        return ""
    with wiring.content_repository() as repository:
        try:
            there = repository.remote_head(remote, AUDIT)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return "The other copy cannot be reached."
        if not there:
            return "The other copy has no checkpoint yet."
        if there in repository.ids(AUDIT):
            return f"The other copy has the checkpoint {there[:12]}, which is here as well."
    return f"The other copy has the checkpoint {there[:12]}, which is NOT here: somebody set the branch back."


@click.command("signing-key")
@click.option("--rotate", is_flag=True, help="Make a new key; the old one counts for the commits up to now.")
@json_option
@with_appcontext
def signing_key(*, rotate: bool, as_json: bool) -> None:
    """Show the public key that signs commits and checkpoints, as a line of a file of allowed signers."""
    settings, key = portal().settings, portal().signing_key
    if rotate:
        if settings.audit_key:
            raise click.ClickException("PORTAL_AUDIT_KEY names the key; put another file there by hand.")
        key = _rotate()
    text = f"{key.line}\n{fingerprint(key.public)} {key.path}"
    answer(
        {"line": key.line, "fingerprint": fingerprint(key.public), "path": str(key.path)}, as_json=as_json, text=text
    )


def _rotate() -> SigningKey:
    settings, old = portal().settings, portal().signing_key
    until = _now().strftime("%Y%m%d%H%M%SZ")
    line = old.line.replace('namespaces="git"', f'namespaces="git",valid-before="{until}"')
    with (settings.instance / FORMER_SIGNERS).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    old.path.unlink()
    fresh = SigningKey(old.path)
    _record("audit.key", fingerprint(fresh.public))
    return fresh


@click.command("adopt-content")
@click.argument("commit", default="")
@json_option
@with_appcontext
def adopt_content(commit: str, *, as_json: bool) -> None:
    """Let readers get COMMIT (or the newest) although nobody known signed it; look at it first."""
    settings = portal().settings
    if not settings.content_is_repository:
        raise click.ClickException("PORTAL_CONTENT is a folder; only commits are adopted.")
    repository = ContentRepository(Path(settings.content))
    try:
        chosen = repository.commit(commit).id.decode() if commit else repository.head()
    except (KeyError, ValueError, AssertionError):
        raise click.ClickException(f"There is no commit {commit}; give all 40 digits.") from None
    finally:
        repository.close()
    adopt(settings.instance / ADOPTED, chosen)
    portal().generations.bump_content()
    _record("audit.adopt", chosen)
    answer({"commit": chosen}, as_json=as_json, text=f"Readers get {chosen} and what known keys signed after it.")


def _record(action: str, subject: str) -> None:
    with sessions()() as session:
        audit.record(session, who=audit.SYSTEM, action=action, subject=subject, now=_now(), network_class="machine")


def _now() -> datetime:
    return datetime.now(UTC)


COMMANDS = (verify_audit, signing_key, adopt_content)
