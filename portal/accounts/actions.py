"""Actions of this request written into the audit log."""

from __future__ import annotations

from flask import has_request_context, request

from portal.accounts.audit import network_class, record
from portal.accounts.models import Staff
from portal.web.clock import real_instant
from portal.web.transactions import sessions


def class_here() -> str:
    """The class of this request's network; of a command it is the machine itself."""
    return network_class(request.remote_addr or "") if has_request_context() else "machine"


def record_action(staff: Staff, action: str, subject: str = "") -> None:
    """Add an action of this person; without a subject it is about their own account."""
    about, now = subject or f"staff/{staff.id}", real_instant()
    with sessions()() as database:
        record(database, who=staff.id, action=action, subject=about, now=now, network_class=class_here())
