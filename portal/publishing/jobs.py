"""The jobs of publishing: finish interrupted publications, copy the content, index its history, forget old texts."""

from __future__ import annotations

from datetime import datetime

from portal.drafts.drafts import forget_versions
from portal.publishing import wiring
from portal.publishing.reconcile import publish_due, push, reconcile
from portal.web.clock import real_instant
from portal.web.operations.jobs import Job
from portal.web.state import portal
from portal.web.transactions import sessions


def reconcile_publications(now: datetime) -> str:
    """Finish or undo what a crash interrupted, and mark scheduled drafts whose time has come as published."""
    if not wiring.can_publish():
        return ""
    with sessions()() as session:
        reconciled = reconcile(wiring.publisher(), session, now=now)
        opened = publish_due(session, now=now)
    lines = [f"{row.revision}: {row.state}" for row in reconciled]
    return "; ".join([*lines, f"{opened} scheduled changes are public"] if opened else lines)


def reconcile_at_start() -> str:
    """The same before the first request, as a preparation."""
    return reconcile_publications(real_instant())


def copy_content(now: datetime) -> str:
    """Send what was published to the other copy of the content, where one is named."""
    remote = portal().settings.content_remote
    if not remote or not wiring.can_publish():
        return ""
    with sessions()() as session:
        return push(wiring.publisher(), session, remote, now=now)


def index_history(_now: datetime) -> str:
    """Keep git's log of single pages fast."""
    if wiring.can_publish():
        repository = wiring.publisher().repository()
        try:
            repository.index_history()
        finally:
            repository.close()
    return ""


def forget_old_versions(now: datetime) -> str:
    """Take away the texts before each save of drafts that were closed long ago; what was published stays in git."""
    with sessions()() as session:
        gone = forget_versions(session, now=now)
    return f"{gone} earlier texts of closed drafts deleted" if gone else ""


JOBS = (
    Job(name="publications", seconds=10, run=reconcile_publications),
    Job(name="content-copy", seconds=30, run=copy_content),
    Job(name="content-history", seconds=3600, run=index_history),
    Job(name="draft-versions", seconds=86400, run=forget_old_versions),
)
