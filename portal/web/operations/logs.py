"""Logs: one line per event on standard error, with the request's id and without personal data.

A request is logged by its route, never by its address: addresses carry search words and registration codes.
In production a line is a JSON object and an error is written by its type and place, because the text of an
exception may quote what a reader typed.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

import msgspec
from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger("portal.request")

# What another process may name a request; anything else could forge lines or grow without end.
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# A safety net below the rule that nothing personal is logged: addresses, long numbers, passport numbers. An address is
# looked for where a run of its characters begins, and nowhere inside, so a long line takes no square of its length.
_PERSONAL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:@[\w.+-]*\w)+|(?<!\w)\+?\d{9,}(?!\w)|\b[A-Z]{1,2}\d{6,7}\b",
)
_FLASK_EXCEPTION = "Exception on "


class _RequestFilter(logging.Filter):
    """Adds the request's id and takes the address out of Flask's own line about an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        if isinstance(record.msg, str) and record.msg.startswith(_FLASK_EXCEPTION) and has_request_context():
            record.msg, record.args = "Exception on %s [%s]", (_route(), request.method)
        return True


class JsonLines(logging.Formatter):
    """One JSON object per line; exceptions as type and place."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": without_personal_data(record.getMessage()),
            "request": getattr(record, "request_id", "-"),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["exception"] = kind.__qualname__
            line["places"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
        return msgspec.json.encode(line).decode()


class PlainLines(logging.Formatter):
    """Lines for the developer's terminal, with whole tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        pairs = " ".join(f"{name}={value}" for name, value in fields.items())
        record.message = record.getMessage()
        line = f"{record.levelname.lower()} {record.name}: {record.message} {pairs}".rstrip()
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def without_personal_data(text: str) -> str:
    """Give the text with e-mail addresses, long numbers and passport numbers blacked out."""
    return _PERSONAL.sub("[removed]", text)


def configure(*, production: bool) -> None:
    """Send every log of this process to standard error, once, in the format of its environment."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if production else PlainLines())
    handler.addFilter(_RequestFilter())
    handler.set_name("portal")
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if kept.get_name() != "portal"] + [handler]
    root.setLevel(logging.INFO)
    # Alembic tells its settings at every look at the database.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def install(app: Flask) -> None:
    """Give every request an id and log it by route, status and duration."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Give the id of the running request, which error pages show and logs carry."""
    result: str = g.get("request_id", "-")
    return result


def _begin() -> None:
    named = request.headers.get("X-Request-ID", "")
    g.request_id = named if _ID.fullmatch(named) else secrets.token_hex(8)
    g.request_began = time.perf_counter()


def _end(response: Response) -> Response:
    began = g.get("request_began", time.perf_counter())
    fields = {
        "method": request.method,
        "route": _route(),
        "status": response.status_code,
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }
    log.log(_level(response.status_code), "answered", extra={"fields": fields})
    if response.status_code >= 500 or response.cache_control.no_store:
        # Only answers that nobody keeps: in a kept one the id would be that of a stranger's request.
        response.headers["X-Request-ID"] = request_id()
    return response


def _level(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    # Machines ask for the health of the site every few seconds.
    return logging.DEBUG if request.blueprint == "health" else logging.INFO


def _route() -> str:
    rule = request.url_rule if has_request_context() else None
    return rule.rule if rule else "-"
