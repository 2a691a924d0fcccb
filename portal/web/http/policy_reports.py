"""Reports of browsers about pages that violate their own policy: off unless a setting asks, and counted alone.

A report quotes addresses and pieces of scripts, which may hold what a reader typed. So nothing of it is kept but the
name of the directive, and the counts of a process go to the log at most once a minute.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping

import msgspec
from flask import Blueprint, Flask, Response, request

from portal.web.clock import real_instant
from portal.web.security import REPORTS_PATH
from portal.web.state import portal_of

MOST_BYTES = 16 * 1024
EVERY_SECONDS = 60
DIRECTIVES = frozenset(
    {"default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr"}
    | {"img-src", "connect-src", "manifest-src", "form-action", "base-uri", "frame-ancestors", "frame-src", "font-src"}
    | {"require-trusted-types-for", "trusted-types"}
)
log = logging.getLogger("portal.policy")
bp = Blueprint("policy_reports", __name__)
_lock = threading.Lock()
_counts: Counter[str] = Counter()
_logged_at = [0.0]


def install(app: Flask) -> None:
    """Take reports where the setting asks for them."""
    if portal_of(app).settings.policy_reports:
        app.register_blueprint(bp)


@bp.post(REPORTS_PATH)
def take() -> Response:
    """Count one report; whatever it is, the answer is empty."""
    body = request.get_data(cache=False) if (request.content_length or MOST_BYTES + 1) <= MOST_BYTES else b""
    with _lock:
        _counts[_directive(body)] += 1
        now = real_instant().timestamp()
        if now - _logged_at[0] >= EVERY_SECONDS:
            _logged_at[0] = now
            log.warning("pages violated their policy", extra={"fields": dict(sorted(_counts.items()))})
            _counts.clear()
    return Response(status=204)


def _directive(body: bytes) -> str:
    """The directive that a report names, where it is one; everything else is `other`."""
    try:
        report = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return "other"
    inner = report.get("csp-report") if isinstance(report, Mapping) else None
    named = inner.get("effective-directive") or inner.get("violated-directive") if isinstance(inner, Mapping) else ""
    name = str(named)[:60].partition(" ")[0]
    return name if name in DIRECTIVES else "other"
