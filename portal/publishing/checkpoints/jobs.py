"""The daily checkpoint: the log is verified, and its end committed and signed."""

from __future__ import annotations

import logging
from datetime import datetime

from portal.accounts import audit
from portal.publishing import wiring
from portal.publishing.checkpoints.checkpoint import add_checkpoint
from portal.publishing.checkpoints.verification import CHECKPOINT
from portal.publishing.checkpoints.wiring import verify_log
from portal.web.operations.jobs import Job
from portal.web.transactions import sessions

log = logging.getLogger("portal.audit")


def make_checkpoint(now: datetime) -> str:
    """Verify the log and sign its end; a log that is not as it was written is told and not signed."""
    report = verify_log(now)
    if report.findings:
        log.error("the log of actions is not as it was written: %s", report.findings[0])
        return f"no checkpoint: {report.findings[0]}"
    if not wiring.can_publish():
        return ""
    with sessions()() as session:
        with wiring.content_repository() as repository:
            commit = add_checkpoint(repository, session, now=now)
        if not commit:
            return ""
        audit.record(session, who=audit.SYSTEM, action=CHECKPOINT, subject=commit, now=now, network_class="machine")
    verify_log(now)
    return f"checkpoint {commit[:12]} signed"


JOBS = (Job(name="audit-checkpoint", seconds=86400, run=make_checkpoint),)
