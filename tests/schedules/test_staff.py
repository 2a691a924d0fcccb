"""Quick actions on the desk: places and states of sessions are published at once, and no report is lost."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.content.sources.bundled import ensure_repository
from portal.schedules.staff import PERMISSIONS, TRIES
from portal.web.staff import NotPublished, PublishedMeanwhile
from tests.accounts.signing import signed_in
from tests.conftest import AppFactory
from tests.feedback.folder_staff_services import FolderStaffServices

DESK = "/id/staff/schedules"
SESSION = f"{DESK}/keliling/lembah-2026-12-01"
PUBLIC = "/id/schedules/keliling/lembah-2026-12-01"


class StaffSite:
    """Somebody with a phone at the door of a session."""

    def __init__(self, make_app: AppFactory, content: Path) -> None:
        app = make_app(content=content, clock=datetime.fromisoformat("2026-12-03T07:30+08:00"))
        self.content = content
        self.desk = FolderStaffServices(app, content)
        self.client: FlaskClient = signed_in(app, ["scheduler"])
        self.reader = app.test_client()

    def facts(self) -> str:
        return (self.content / "schedules" / "keliling" / "facts.yaml").read_text(encoding="utf-8")


@pytest.fixture
def site(make_app: AppFactory, content: Path) -> StaffSite:
    return StaffSite(make_app, content)


def test_every_view_names_its_permission_and_a_registrar_has_none(site: StaffSite) -> None:
    app = site.client.application
    views = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("schedules_staff.")}
    assert views == set(PERMISSIONS)
    assert signed_in(app, ["registrar"]).get(f"{DESK}/").status_code == 403


def test_the_sessions_of_today_stand_on_top_with_their_places(site: StaffSite) -> None:
    text = site.client.get(f"{DESK}/").get_data(as_text=True)
    assert text.index("hari ini") < text.index('value="42"')
    assert "18 dari 60 tempat masih ada" in text


@pytest.mark.parametrize(("refusal", "asked"), [(NotPublished, 1), (PublishedMeanwhile, TRIES)])
def test_a_step_is_tried_again_only_on_another_text(
    site: StaffSite, monkeypatch: pytest.MonkeyPatch, refusal: type[NotPublished], asked: int
) -> None:
    reasons: list[str] = []

    def refuse(_changes: Mapping[str, object], *, reason: str) -> None:
        reasons.append(reason)
        raise refusal("The disk is full.")

    monkeypatch.setattr(site.desk, "publish", refuse)
    answer = site.client.post(f"{SESSION}/places", data={"step": "1"})
    assert (answer.status_code, len(reasons)) == (409, asked)
    assert "The disk is full." in answer.get_data(as_text=True)


def test_a_step_counts_from_what_is_published(site: StaffSite) -> None:
    for step in ("1", "1", "-1"):
        data = {"step": step, "taken": "7", "seen": "7"}
        assert site.client.post(f"{SESSION}/places", data=data).status_code == 303
    assert "17 dari 60" in site.client.get(f"{DESK}/").get_data(as_text=True)
    assert "17" in site.reader.get(PUBLIC).get_data(as_text=True)
    assert site.desk.recorded[0] == ("schedules.places", "schedules/keliling/lembah-2026-12-01")


def test_a_typed_number_is_refused_when_somebody_reported_meanwhile(site: StaffSite) -> None:
    assert site.client.post(f"{SESSION}/places", data={"step": "0", "taken": "50", "seen": "42"}).status_code == 303
    late = site.client.post(f"{SESSION}/places", data={"step": "0", "taken": "44", "seen": "42"})
    assert late.status_code == 409
    assert "melaporkan angka lain" in late.get_data(as_text=True)
    assert "10 dari 60" in site.client.get(f"{DESK}/").get_data(as_text=True)


@pytest.mark.parametrize("taken", ["", "-1", "x", "12345", "1.5"])
def test_what_is_no_number_is_refused(site: StaffSite, taken: str) -> None:
    before = site.facts()
    answer = site.client.post(f"{SESSION}/places", data={"step": "0", "taken": taken, "seen": "42"})
    assert answer.status_code == 422
    assert site.facts() == before


def test_places_never_fall_below_zero(site: StaffSite) -> None:
    site.client.post(f"{SESSION}/places", data={"step": "0", "taken": "0", "seen": "42"})
    site.client.post(f"{SESSION}/places", data={"step": "-1"})
    assert "60 dari 60" in site.client.get(f"{DESK}/").get_data(as_text=True)


@pytest.mark.parametrize(("state", "words"), [("full", "Penuh"), ("planned", "Direncanakan")])
def test_a_quick_action_changes_the_state_and_readers_see_it(site: StaffSite, state: str, words: str) -> None:
    where = "keliling/sabtu-2026-12-12"
    assert site.client.post(f"{DESK}/{where}/state", data={"state": state}).status_code == 303
    assert words in site.reader.get(f"/id/schedules/{where}").get_data(as_text=True)
    assert "sequence: 2" in site.facts()


def test_sessions_to_confirm_stand_on_the_desks_first_page(site: StaffSite) -> None:
    site.client.post(f"{DESK}/keliling/sabtu-2026-12-05/state", data={"state": "planned"})
    assert "Sesi yang perlu dipastikan" not in site.client.get("/id/staff/").get_data(as_text=True)
    site.client.post(f"{SESSION}/state", data={"state": "planned"})
    text = site.client.get("/id/staff/").get_data(as_text=True)
    assert "/id/staff/schedules/#session-keliling-lembah-2026-12-01" in text


def test_a_session_without_places_gets_them(site: StaffSite) -> None:
    where = f"{DESK}/keliling/sabtu-2026-12-12/places"
    assert site.client.post(where, data={"taken": "3"}).status_code == 422
    assert site.client.post(where, data={"taken": "3", "total": "30"}).status_code == 303
    assert "27 dari 30" in site.client.get(f"{DESK}/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        (f"{SESSION}/state", {"state": "cancelled"}, 400),
        (f"{SESSION}/state", {}, 400),
        (f"{DESK}/keliling/nothing-2026-12-01/places", {"taken": "1"}, 404),
        (f"{DESK}/nothing/lembah-2026-12-01/state", {"state": "full"}, 404),
        (f"{DESK}/keliling/sabtu-2026-12-05/state", {"state": "full"}, 409),
    ],
)
def test_what_is_no_quick_action(site: StaffSite, path: str, data: dict[str, str], status: int) -> None:
    assert site.client.post(path, data=data).status_code == status


def test_a_refusal_of_the_desk_is_said(site: StaffSite) -> None:
    site.desk.refuses = True
    said = site.client.post(f"{SESSION}/places", data={"step": "1"})
    assert said.status_code == 409
    assert "Somebody else has just changed this." in said.get_data(as_text=True)


@pytest.fixture
def app(make_app: AppFactory, content: Path, tmp_path: Path) -> Flask:
    """The site with its real desk, which publishes into a repository after every check."""
    repository = tmp_path / "content.git"
    ensure_repository(repository, content, at=datetime(2026, 11, 1, tzinfo=UTC))
    clock = datetime.fromisoformat("2026-12-03T07:30+08:00")
    return make_app(content=repository, content_is_repository=True, clock=clock)


@pytest.mark.parametrize(
    ("session", "data", "left"),
    [
        pytest.param("sabtu-2026-12-12", {"taken": "3", "total": "30"}, "27 dari 30", id="date of a rule"),
        pytest.param("lembah-2026-12-17", {"step": "1"}, "17 dari 60", id="date of a list, one more"),
        pytest.param("lembah-2026-12-17", {"step": "-1"}, "19 dari 60", id="date of a list, one fewer"),
        pytest.param("lembah-2026-12-17", {"step": "0", "taken": "50"}, "10 dari 60", id="number over the series'"),
    ],
)
def test_places_of_a_session_without_changes_are_published(
    app: Flask, session: str, data: dict[str, str], left: str
) -> None:
    client = signed_in(app, ["scheduler"])
    assert client.post(f"{DESK}/keliling/{session}/places", data=data).status_code == 303
    assert left in client.get(f"{DESK}/").get_data(as_text=True)
    assert client.post(f"{DESK}/keliling/{session}/places", data={"step": "1"}).status_code == 303


def test_places_alone_leave_the_calendar_file_as_it_is(app: Flask) -> None:
    client = signed_in(app, ["scheduler"])
    before = client.get("/id/schedules/keliling/calendar.ics").get_data()
    assert client.post(f"{DESK}/keliling/lembah-2026-12-17/places", data={"step": "1"}).status_code == 303
    assert client.get("/id/schedules/keliling/calendar.ics").get_data() == before


def test_steps_at_one_moment_add_up(app: Flask) -> None:
    clients = [signed_in(app, ["scheduler"], email=f"petugas{number}@example.org") for number in range(4)]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = pool.map(lambda client: client.post(f"{SESSION}/places", data={"step": "1"}).status_code, clients)
        assert list(answers) == [303] * len(clients)
    assert "14 dari 60" in clients[0].get(f"{DESK}/").get_data(as_text=True)


RULE_DATE = f"{DESK}/keliling/sabtu-2026-12-12"


def test_a_session_is_cancelled_with_a_reason_in_each_language_and_held_after_all(app: Flask) -> None:
    client = signed_in(app, ["scheduler"])
    assert client.post(f"{RULE_DATE}/cancel", data={"reason": ""}).status_code == 422
    assert client.post(f"{RULE_DATE}/cancel", data={"reason": "network"}).status_code == 303
    assert "Network out of order" in client.get("/en/schedules/keliling/sabtu-2026-12-12").get_data(as_text=True)
    assert "Jaringan terganggu" in client.get("/id/schedules/keliling/sabtu-2026-12-12").get_data(as_text=True)
    assert client.post(f"{RULE_DATE}/undo", data={"what": "cancel"}).status_code == 303
    assert "Jaringan terganggu" not in client.get("/id/schedules/keliling/sabtu-2026-12-12").get_data(as_text=True)


def test_a_session_moves_and_comes_back(app: Flask) -> None:
    client = signed_in(app, ["scheduler"])
    moved = {"day": "2026-12-14", "opens": "09:00", "closes": "11:00", "words": "Aula dipakai"}
    assert client.post(f"{RULE_DATE}/move", data=moved).status_code == 303
    text = client.get("/id/schedules/keliling/sabtu-2026-12-12").get_data(as_text=True)
    assert "Senin, 14 Desember 2026" in text
    assert "09.00" in text
    assert "Aula dipakai" in text
    assert client.post(f"{RULE_DATE}/undo", data={"what": "move"}).status_code == 303
    assert "14 Desember" not in client.get("/id/schedules/keliling/sabtu-2026-12-12").get_data(as_text=True)
    assert client.post(f"{RULE_DATE}/undo", data={"what": "move"}).status_code == 409


def test_what_is_no_move_is_said_and_what_was_typed_stays(site: StaffSite) -> None:
    before = site.facts()
    answer = site.client.post(
        f"{RULE_DATE}/move", data={"day": "2026-12-14", "opens": "9", "closes": "", "words": "Aula"}
    )
    assert answer.status_code == 422
    assert 'value="Aula"' in answer.get_data(as_text=True)
    assert site.facts() == before


def test_a_full_session_is_opened_again(app: Flask) -> None:
    client = signed_in(app, ["scheduler"])
    assert client.post(f"{RULE_DATE}/state", data={"state": "full"}).status_code == 303
    assert client.post(f"{RULE_DATE}/undo", data={"what": "full"}).status_code == 303
    assert "Penuh" not in client.get("/id/schedules/keliling/sabtu-2026-12-12").get_data(as_text=True)
    assert client.post(f"{RULE_DATE}/undo", data={"what": "nothing"}).status_code == 400


def test_the_calendar_leads_to_the_row_of_each_session(site: StaffSite) -> None:
    text = site.client.get(f"{DESK}/calendar?month=2026-12").get_data(as_text=True)
    assert 'href="/id/staff/schedules/#session-keliling-sabtu-2026-12-12"' in text
    assert "Dibatalkan" in text
    for strange in ("2026-13", "9999-12", "x"):
        assert "Desember 2026" in site.client.get(f"{DESK}/calendar?month={strange}").get_data(as_text=True)
