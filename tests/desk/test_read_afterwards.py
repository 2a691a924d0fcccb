"""What goes out at once waits on the first page until somebody who did not publish it has read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

import portal.migrations
from portal.accounts.models import AuditEntry
from portal.database import WRITES
from portal.drafts.workflow import SelfApproval
from portal.migrations import is_current, upgrade
from portal.publishing.history import read_afterwards, to_read_afterwards
from portal.publishing.models import DONE, Publication
from portal.web.transactions import sessions
from tests.accounts.signing import DeskClient
from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ALERT = {
    "severity": "major",
    "on": "site",
    "title-id": "Sistem paspor mati",
    "summary-id": "Coba lagi pukul 14.00.",
    "title-en": "The passport system is down",
    "summary-en": "Try again at 2 p.m.",
    "until": "2026-11-24T20:00",
}
TO_READ = re.compile(r'href="(/id/staff/publications/[0-9a-f]{32})"')


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path, clock=NOW)


def to_read(client: DeskClient) -> list[str]:
    """The addresses of what waits on the first page to be read afterwards."""
    return sorted(set(TO_READ.findall(client.get("/id/staff/").get_data(as_text=True))))


def publish_alert(site: DeskSite) -> str:
    answer = site.reviewer.post("/id/staff/alerts/new/publish", data=ALERT)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"]).partition("done=")[2]


def test_an_alert_waits_until_somebody_else_has_read_it(site: DeskSite) -> None:
    second = site.person("reviewer", name="Agnes Tefa")
    publish_alert(site)
    assert "Sistem paspor mati" in site.app.test_client().get("/id/").get_data(as_text=True)
    [where] = to_read(second)
    page = second.get(where).get_data(as_text=True)
    assert "Sistem paspor mati" in page
    assert "Yohanis Nabu" in page
    assert site.reviewer.post(f"{where}/read").status_code == 409
    assert site.author.post(f"{where}/read").status_code == 403
    assert to_read(second) == [where] == to_read(site.reviewer)
    assert second.post(f"{where}/read").status_code == 303
    assert to_read(second) == []
    assert "Agnes Tefa sudah membacanya" in site.reviewer.get(where).get_data(as_text=True)
    with site.app.app_context(), sessions()() as database:
        assert [row.action for row in database.scalars(select(AuditEntry).order_by(AuditEntry.id))][-2:] == [
            "alerts.publish",
            "editing.read-afterwards",
        ]


def test_the_end_of_an_alert_is_read_as_well(site: DeskSite) -> None:
    slug = publish_alert(site)
    second = site.person("reviewer", name="Agnes Tefa")
    assert second.post(f"/id/staff/alerts/{slug}/end").status_code == 303
    first, last = to_read(second)
    own = [where for where in (first, last) if second.post(f"{where}/read").status_code == 409]
    assert len(own) == 1
    assert site.reviewer.post(f"{own[0]}/read").status_code == 303
    assert to_read(second) == []


def test_the_menu_counts_what_this_person_may_read(site: DeskSite) -> None:
    second = site.person("reviewer", name="Agnes Tefa")
    publish_alert(site)
    counted = [
        re.search(
            r'href="/id/staff/"[^>]*>[^<]*<span[^>]*>(?:<[^>]*>)*(\d+)', client.get("/id/staff/").get_data(as_text=True)
        )
        for client in (site.reviewer, second)
    ]
    assert [one and one[1] for one in counted] == [None, "1"]


def test_approved_texts_and_unknown_publications_do_not_wait(site: DeskSite) -> None:
    id_ = site.sent("Ringkasan lain.")
    assert site.act(site.reviewer, id_, "approve", then="publish").status_code == 303
    assert to_read(site.reviewer) == []
    with site.app.app_context(), sessions()() as database:
        revision = database.scalars(select(Publication.revision)).one()
    for name in (revision, "f" * 32, "x"):
        assert site.reviewer.get(f"/id/staff/publications/{name}").status_code == 404
        assert site.reviewer.post(f"/id/staff/publications/{name}/read").status_code == 404


def test_publications_of_before_wait_for_nobody(engine: Engine, session: Session) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(portal.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    kept = {"author": "m", "reason": "r", "paths": ["alerts/x/id.md"], "started_at": NOW, "state": DONE}
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "editing@editing_0003")
        connection.execute(
            text(
                "INSERT INTO editing_publication (revision, author, reason, paths, state, started_at) "
                "VALUES (:revision, 'm', 'r', '[]', 'done', '2026-11-24 01:00:00+00')"
            ),
            {"revision": "a" * 32},
        )
    assert not is_current(engine)
    upgrade(engine)
    assert [row.revision for row in session.scalars(select(Publication))] == ["a" * 32]
    assert to_read_afterwards(session) == []
    session.rollback()
    with pytest.raises(KeyError):
        read_afterwards(session, "a" * 32, by="y")
    later = {**kept, "started_at": NOW + timedelta(days=1), "unread": True}
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(insert(Publication).values(revision="b" * 32, reader="", **later))
    assert [row.revision for row in to_read_afterwards(session)] == ["b" * 32]
    session.rollback()
    with pytest.raises(SelfApproval):
        read_afterwards(session, "b" * 32, by="m")
    assert read_afterwards(session, "b" * 32, by="y").reader == "y"
    assert read_afterwards(session, "b" * 32, by="z").reader == "y"
