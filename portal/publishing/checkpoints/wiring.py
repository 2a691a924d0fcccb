"""Verifying the log of this application and keeping what was found; the health check that reads it."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from portal.content.sources.adoption import FORMER_SIGNERS, known_signers
from portal.ledger import record
from portal.ledger.record import VerificationRecord
from portal.publishing import wiring
from portal.publishing.checkpoints.verification import Report, verify
from portal.web.operations.health import DEGRADED, HealthStatus, add_check
from portal.web.state import portal
from portal.web.transactions import sessions


def verify_log(now: datetime) -> Report:
    """Verify the log of this application and write down what was found; raises InvalidKey."""
    settings = portal().settings
    with sessions()() as session:
        if wiring.can_publish():
            # The key is made with the first signature; before it nothing is signed.
            assert portal().signing_key.line
            signers = known_signers(settings.content_signers, portal().signing_key, settings.instance / FORMER_SIGNERS)
            with wiring.content_repository() as repository:
                report = verify(session, repository, signers)
        else:
            report = verify(session, None, None)
    record.write(settings.instance, record_of(report, now))
    return report


def record_of(report: Report, now: datetime) -> VerificationRecord:
    """What the instance keeps of a report."""
    proved = report.proved
    return VerificationRecord(
        at=now,
        length=report.length,
        proved=proved.position if proved else 0,
        checkpoint_at=proved.at if proved else None,
        findings=tuple(str(finding) for finding in report.findings),
    )


def log_check() -> HealthStatus:
    """Look at what the last verification of the log found."""
    last = record.read(portal().settings.instance)
    if last is None or not last.findings:
        return HealthStatus()
    return HealthStatus(DEGRADED, f"the log of actions is not as it was written: {last.findings[0]}")


def install(app: Flask) -> None:
    """Add the log to the health of the site."""
    add_check(app, "log", log_check)
