"""The class of network that a request comes from, for the audit log."""

from __future__ import annotations

from flask import has_request_context, request

from portal.accounts.audit import network_class


def class_here() -> str:
    """The class of this request's network; of a command it is the machine itself."""
    return network_class(request.remote_addr or "") if has_request_context() else "machine"
