"""Sessions of the desk: a cookie that only staff pages read, and a row without which it opens nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Staff, StaffSession
from portal.accounts.permissions import is_staff_path
from portal.database import writing
from portal.web.languages import language

LONGEST = timedelta(hours=14)
LONGEST_PAUSE = timedelta(hours=4)
# The row is touched no more often than this, so that reading pages writes next to nothing.
TOUCHED_EVERY = timedelta(minutes=5)
KEY = "desk"
# What Flask-Login and Flask-Security keep about a sign-in; everything else goes when it happens.
# When password and second factor were given once more, in seconds since 1970.
BOTH = "both"
BOTH_SECONDS = 600
_CARRIED = ("_user_id", "_fresh", "fs_cc", "fs_paa")


class DeskSessions(SecureCookieSessionInterface):
    """Cookies below `/<language>/staff` alone: no other page reads one or sets one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a staff page; other pages get one that holds nothing and cannot be written."""
        if not is_staff_path(request.path):
            return self.make_null_session(app)
        return super().open_session(app, request)


def device_class(user_agent: str) -> str:
    """What kind of machine a browser says that it runs on: phone, tablet or computer, empty when it says nothing."""
    if not user_agent:
        return ""
    if "iPad" in user_agent or "Tablet" in user_agent or ("Android" in user_agent and "Mobile" not in user_agent):
        return "tablet"
    return "phone" if "Mobile" in user_agent or "iPhone" in user_agent else "computer"


def begin(database: Session, staff: Staff, *, now: datetime) -> None:
    """Give the browser a session of its own at sign-in: what it held before, the form token included, is gone."""
    kept = {name: session[name] for name in _CARRIED if name in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)
    row = StaffSession(staff=staff.id, began_at=now, seen_at=now, device=device_class(request.user_agent.string))
    with writing(database):
        database.add(row)
        database.execute(update(Staff).where(Staff.id == staff.id).values(signed_in_at=now, language=language()))
    session[KEY] = row.id


def is_alive(database: Session, staff: Staff, *, now: datetime) -> bool:
    """Whether this browser's session is still open; notes that it was seen."""
    row = database.get(StaffSession, session.get(KEY, ""))
    if row is None or row.staff != staff.id:
        return False
    if row.began_at <= now - LONGEST or row.seen_at <= now - LONGEST_PAUSE:
        return False
    id_, seen_at = row.id, row.seen_at
    if seen_at <= now - TOUCHED_EVERY:
        with writing(database):
            database.execute(update(StaffSession).where(StaffSession.id == id_).values(seen_at=now))
    return True


def open_of(database: Session, staff: Staff, *, now: datetime) -> list[StaffSession]:
    """The sessions of this person that are still open, the one seen last first."""
    query = select(StaffSession).where(
        StaffSession.staff == staff.id,
        StaffSession.began_at > now - LONGEST,
        StaffSession.seen_at > now - LONGEST_PAUSE,
    )
    return list(database.scalars(query.order_by(StaffSession.seen_at.desc())))


def end_others(database: Session, staff: Staff, *, only: str = "") -> int:
    """End the sessions of this person but the one of this browser, or the named one alone; gives their number."""
    rows = delete(StaffSession).where(StaffSession.staff == staff.id, StaffSession.id != session.get(KEY, ""))
    with writing(database):
        gone = database.execute(rows.where(StaffSession.id == only) if only else rows)
    return int(gone.rowcount)  # type: ignore[attr-defined]


def confirm_both(now: datetime) -> None:
    """Note in this browser's session that password and second factor were given."""
    session[BOTH] = int(now.timestamp())


def has_confirmed_both(now: datetime) -> bool:
    """Whether password and second factor were given a short while ago, for nothing yet."""
    return 0 <= now.timestamp() - session.get(BOTH, 0) < BOTH_SECONDS


def use_confirmation() -> None:
    """Use up the confirmation: each factor that is replaced needs one of its own."""
    session.pop(BOTH, None)


def end(database: Session) -> bool:
    """End this browser's session; says whether there was one."""
    row = session.pop(KEY, None)
    if not row:
        return False
    with writing(database):
        gone = database.execute(delete(StaffSession).where(StaffSession.id == row))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def forget(database: Session, *, now: datetime) -> int:
    """Delete the rows of sessions that are over; gives how many there were."""
    over = or_(StaffSession.began_at <= now - LONGEST, StaffSession.seen_at <= now - LONGEST_PAUSE)
    with writing(database):
        gone = database.execute(delete(StaffSession).where(over))
    return int(gone.rowcount)  # type: ignore[attr-defined]
