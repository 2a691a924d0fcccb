"""Letters of a restored outbox: held until somebody decides whether they go out."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from portal.database import writing
from portal.mail import HELD, WAITING, OutgoingMail


def hold_messages(connection: Connection) -> int:
    """Hold every waiting message back in the open transaction: a backup does not know what was sent after it."""
    waiting = update(OutgoingMail).where(OutgoingMail.state == WAITING)
    return connection.execute(waiting.values(state=HELD, claimed_until=None)).rowcount


def release_messages(session: Session, *, drop: bool) -> int:
    """Let the held messages go out, or delete them; gives their number."""
    with writing(session):
        held = list(session.scalars(select(OutgoingMail.id).where(OutgoingMail.state == HELD)))
        is_held = OutgoingMail.id.in_(held)
        session.execute(
            delete(OutgoingMail).where(is_held) if drop else update(OutgoingMail).where(is_held).values(state=WAITING)
        )
    return len(held)
