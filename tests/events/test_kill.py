"""kill -9 in the middle of registrations: what was promised is in the database, every message exists."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.database import engine_for, sessions_for
from portal.events.registrations.models import Registration, SeatCounters
from portal.mail import FAILED, SENT, OutgoingMail
from portal.web.forms.tokens import FASTEST
from tests.conftest import FULL
from tests.events.event_site import OutreachSite
from tests.events.smtp_server import SmtpInbox, open_smtp_inbox
from tests.waiting import until

pytestmark = pytest.mark.system

REGISTRATIONS = 200
CLIENTS = 6
KILLS = 12 if FULL else 2


@pytest.fixture
def smtp_inbox() -> Iterator[SmtpInbox]:
    with open_smtp_inbox() as box:
        yield box


def send_all(site: OutreachSite, stamps: list[str]) -> dict[int, str]:
    """Send every form from several clients, each again until it is answered; gives the codes by number."""
    pending = list(enumerate(stamps))
    lock = threading.Lock()
    codes: dict[int, str] = {}

    def is_taken(number: int, stamp: str) -> bool:
        status, code = site.register(number, stamp)
        assert status in (0, 303, 500, 503), status
        if status == 303:
            codes[number] = code
        return status == 303

    def kill_when_due() -> bool:
        if kill_at and len(codes) >= kill_at[-1]:
            kill_at.pop()
            site.kill_everything()
        return not any(thread.is_alive() for thread in threads)

    def client() -> None:
        while True:
            with lock:
                if not pending:
                    return
                number, stamp = pending.pop()
            # The same form again, as a person with a bad line does.
            until(partial(is_taken, number, stamp), detail=lambda: site.log.read_text(errors="replace"))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    kill_at = sorted(random.Random(8).sample(range(10, REGISTRATIONS - 10), KILLS), reverse=True)
    until(kill_when_due)
    for thread in threads:
        thread.join()
    return codes


@pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.full])],
    indirect=True,
)
def test_no_promise_and_no_message_is_lost(tmp_path: Path, database_url: str, smtp_inbox: SmtpInbox) -> None:
    with OutreachSite(tmp_path, database_url=database_url, capacity=150, workers=2, smtp_port=smtp_inbox.port) as site:
        stamps = [site.stamp() for _ in range(REGISTRATIONS)]
        shown = datetime.now(UTC)
        until(lambda: datetime.now(UTC) - shown >= FASTEST)
        codes = send_all(site, stamps)
        wait_for_mail(database_url, site, smtp_inbox)
    engine = engine_for(database_url)
    with sessions_for(engine)() as session:
        rows = session.scalars(select(Registration)).all()
        assert {row.code for row in rows} == set(codes.values())
        assert len(rows) == len(codes) == REGISTRATIONS
        assert Counter(row.state for row in rows) == {"confirmed": 150, "waiting": 50}
        places = session.scalars(select(SeatCounters)).one()
        assert (places.taken, places.waiting, places.joined) == (150, 50, REGISTRATIONS)
        notifications = session.scalars(select(OutgoingMail)).all()
        assert len({message.key for message in notifications}) == REGISTRATIONS
        assert not [message for message in notifications if message.state == FAILED]
        sent = {f"<{message.message_token}@127.0.0.1>" for message in notifications if message.state == SENT}
        waiting = {f"<{message.message_token}@127.0.0.1>" for message in notifications if message.state != SENT}
    engine.dispose()
    times = Counter(str(message["Message-ID"]) for message in smtp_inbox.notifications)
    assert sent <= set(times), "marked as sent, but never arrived"
    assert set(times) <= sent | waiting
    # What waits may have been accepted just before a kill; it goes out once more, under the same name.
    again = sum(count - 1 for count in times.values()) + len(set(times) & waiting)
    assert again <= KILLS


def wait_for_mail(database_url: str, site: OutreachSite, box: SmtpInbox) -> None:
    """Wait until nothing is left but messages held by workers that were killed."""
    engine = engine_for(database_url)
    free = select(func.count()).where(OutgoingMail.state == "waiting", OutgoingMail.claimed_until.is_(None))

    def is_sent() -> bool:
        with sessions_for(engine)() as session:
            return session.scalar(free) == 0

    until(is_sent, detail=lambda: f"{len(box.notifications)} arrived\n{site.log.read_text()}")
    engine.dispose()
