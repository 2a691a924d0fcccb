"""/healthz says how the site is, /readyz whether it can answer; both for machines, neither cached.

Features add checks through `add_check`. A degraded site still serves readers, so only "down" is an error status.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text

from portal.migrations import is_current
from portal.web.clock import real_instant
from portal.web.operations.jobs import jobs_of, read_record, record_path
from portal.web.state import portal
from portal.web.transactions import engine

log = logging.getLogger("portal.health")
bp = Blueprint("health", __name__)

_EXTENSION = "portal.health"
OK, DEGRADED, DOWN = "ok", "degraded", "down"
_WORST_LAST = (OK, DEGRADED, DOWN)
# Broken files named in one answer; the rest is in `flask check-content`.
MOST_PROBLEMS = 10
# Below this the database and the logs are close to failing.
LEAST_FREE_BYTES = 200 * 1024 * 1024
# `flask work` writes its heartbeat at least every ten seconds, plus the length of its longest job.
LONGEST_SILENCE = timedelta(seconds=120)


@dataclass(frozen=True)
class HealthStatus:
    """What a check found: ok, degraded or down, and for the last two what and where in one sentence."""

    state: str = OK
    detail: str = ""


Check = Callable[[], HealthStatus]


def install(app: Flask) -> None:
    """Add both addresses and the checks that every site has."""
    app.register_blueprint(bp)
    add_check(app, "content", content_check)
    add_check(app, "database", database_check)
    add_check(app, "disk", disk_check)
    add_check(app, "work", work_check)


def add_check(app: Flask, name: str, check: Check) -> None:
    """Add a named check to /healthz; it runs inside a request and may raise, which counts as down."""
    app.extensions.setdefault(_EXTENSION, {})[name] = check


@bp.get("/healthz")
def healthz() -> Response:
    """Give every check by name and the worst state of all; 503 only when something is down."""
    findings = findings_of(current_app)
    worst = max((finding.state for finding in findings.values()), key=_WORST_LAST.index, default=OK)
    checks = {name: {"state": item.state, "detail": item.detail} for name, item in findings.items()}
    return _answer({"status": worst, "checks": checks}, status=503 if worst == DOWN else 200)


@bp.get("/readyz")
def readyz() -> Response:
    """Say whether this process can answer readers: content is loaded and the database responds."""
    down = sorted(name for name, item in findings_of(current_app).items() if item.state == DOWN)
    return _answer({"ready": not down, "down": down}, status=503 if down else 200)


def findings_of(app: Flask) -> dict[str, HealthStatus]:
    """Run every check; a check that raises is down and its error is logged."""
    checks: dict[str, Check] = app.extensions.get(_EXTENSION, {})
    return {name: _found(name, check) for name, check in checks.items()}


def content_check() -> HealthStatus:
    """Look for files that could not be read; their last good version is what readers see."""
    problems = portal().live.current().problems
    if problems:
        return HealthStatus(DEGRADED, "; ".join(str(problem) for problem in problems[:MOST_PROBLEMS]))
    return HealthStatus()


def database_check() -> HealthStatus:
    """Ask the database for one row, and whether it has the tables of this code."""
    with engine().connect() as connection:
        connection.execute(text("SELECT 1"))
    if not is_current(engine()):
        return HealthStatus(DOWN, "the database is older than the code; run `flask init`.")
    return HealthStatus()


def disk_check() -> HealthStatus:
    """Look at the space left where the database and the content repository live."""
    free = shutil.disk_usage(portal().settings.instance).free
    if free < LEAST_FREE_BYTES:
        return HealthStatus(DEGRADED, f"{free // 1024**2} MiB are left on the instance's disk; make room.")
    return HealthStatus()


def work_check() -> HealthStatus:
    """Look at what `flask work` wrote: whether it lives and which jobs fail."""
    if not jobs_of(current_app):
        return HealthStatus()
    record = read_record(record_path(portal().settings.instance))
    if record is None or real_instant() - record.alive > LONGEST_SILENCE:
        since = record.alive.isoformat(timespec="seconds") if record else "the start"
        return HealthStatus(DEGRADED, f"`flask work` has given no sign of life since {since}; start it.")
    failing = sorted(name for name, job in record.jobs.items() if job.failures)
    if failing:
        return HealthStatus(DEGRADED, f"jobs that fail: {', '.join(failing)}; see the log of `flask work`.")
    return HealthStatus()


def _found(name: str, check: Check) -> HealthStatus:
    try:
        return check()
    except Exception as error:
        log.exception("the health check %s failed", name)
        return HealthStatus(DOWN, f"{type(error).__name__}; see the log.")


def _answer(body: dict[str, object], *, status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.cache_control.no_store = True
    return response
