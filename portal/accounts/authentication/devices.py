"""Known devices: browsers in which somebody signed in before are let through when their network failed too often.

The cookie names the device and the accounts; it opens nothing, and the count of an account holds for it as well.
"""

from __future__ import annotations

import hmac

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.accounts.models import Staff, fresh_id
from portal.web.transactions import sessions

SECONDS = 180 * 24 * 3600
# People share computers of an office.
MOST_ACCOUNTS = 5


def remember(staff: Staff) -> None:
    """Let the answer to this request make the browser a known device of this person."""
    device, accounts = _read()
    others = {id_: mark for id_, mark in accounts.items() if id_ != staff.id}
    kept = dict([(staff.id, _mark(staff)), *others.items()][:MOST_ACCOUNTS])
    value = _serializer().dumps([device or fresh_id(), kept])

    @after_this_request
    def _set(response: Response) -> Response:
        is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(_name(), value, max_age=SECONDS, path="/", httponly=True, secure=is_secure, samesite="Lax")
        return response


def is_known(id_: str) -> bool:
    """Whether the person of that id signed in with this browser since they had their present password."""
    mark = _read()[1].get(id_)
    if not mark:
        return False
    with sessions()() as database:
        staff = database.get(Staff, id_)
    return staff is not None and hmac.compare_digest(mark, _mark(staff))


def _mark(staff: Staff) -> str:
    """What a reset, another password or closing makes another one."""
    return hmac.new(_key(), f"device\x1f{staff.fs_uniquifier}".encode(), "sha256").hexdigest()[:32]


def _read() -> tuple[str, dict[str, str]]:
    try:
        device, accounts = _serializer().loads(request.cookies.get(_name(), "")[:2000], max_age=SECONDS)
        return str(device), {str(id_): str(mark) for id_, mark in accounts.items()}
    except (BadSignature, ValueError, TypeError, AttributeError):
        return "", {}


def _name() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="accounts.device")
