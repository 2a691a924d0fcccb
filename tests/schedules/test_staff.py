"""One tap on the desk: places and states of sessions are published at once, and nobody's report is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.content.sources.bundled import ensure_repository
from portal.schedules.staff import PERMISSIONS
from tests.accounts.signing import signed_in
from tests.conftest import AppFactory
from tests.feedback.folder_staff_services import FolderStaffServices

DESK = "/id/staff/schedules"
SESSION = f"{DESK}/keliling/lembah-2026-12-01"
PUBLIC = "/id/schedules/keliling/lembah-2026-12-01"


class Taps:
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
def taps(make_app: AppFactory, content: Path) -> Taps:
    return Taps(make_app, content)


def test_every_view_names_its_permission_and_a_registrar_has_none(taps: Taps) -> None:
    app = taps.client.application
    views = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("schedules_staff.")}
    assert views == set(PERMISSIONS)
    assert signed_in(app, ["registrar"]).get(f"{DESK}/").status_code == 403


def test_the_sessions_of_today_stand_on_top_with_their_places(taps: Taps) -> None:
    text = taps.client.get(f"{DESK}/").get_data(as_text=True)
    assert text.index("hari ini") < text.index('value="42"')
    assert "18 dari 60 tempat masih ada" in text


def test_a_tap_counts_from_what_is_published(taps: Taps) -> None:
    for step in ("1", "1", "-1"):
        data = {"step": step, "taken": "7", "seen": "7"}
        assert taps.client.post(f"{SESSION}/places", data=data).status_code == 303
    assert "17 dari 60" in taps.client.get(f"{DESK}/").get_data(as_text=True)
    assert "17" in taps.reader.get(PUBLIC).get_data(as_text=True)
    assert taps.desk.recorded[0] == ("schedules.places", "schedules/keliling/lembah-2026-12-01")


def test_a_typed_number_is_refused_when_somebody_reported_meanwhile(taps: Taps) -> None:
    assert taps.client.post(f"{SESSION}/places", data={"step": "0", "taken": "50", "seen": "42"}).status_code == 303
    late = taps.client.post(f"{SESSION}/places", data={"step": "0", "taken": "44", "seen": "42"})
    assert late.status_code == 409
    assert "melaporkan angka lain" in late.get_data(as_text=True)
    assert "10 dari 60" in taps.client.get(f"{DESK}/").get_data(as_text=True)


@pytest.mark.parametrize("taken", ["", "-1", "x", "12345", "1.5"])
def test_what_is_no_number_is_refused(taps: Taps, taken: str) -> None:
    before = taps.facts()
    answer = taps.client.post(f"{SESSION}/places", data={"step": "0", "taken": taken, "seen": "42"})
    assert answer.status_code == 422
    assert taps.facts() == before


def test_places_never_fall_below_zero(taps: Taps) -> None:
    taps.client.post(f"{SESSION}/places", data={"step": "0", "taken": "0", "seen": "42"})
    taps.client.post(f"{SESSION}/places", data={"step": "-1"})
    assert "60 dari 60" in taps.client.get(f"{DESK}/").get_data(as_text=True)


@pytest.mark.parametrize(("state", "words"), [("full", "Penuh"), ("planned", "Direncanakan")])
def test_a_tap_changes_the_state_and_readers_see_it(taps: Taps, state: str, words: str) -> None:
    where = "keliling/sabtu-2026-12-12"
    assert taps.client.post(f"{DESK}/{where}/state", data={"state": state}).status_code == 303
    assert words in taps.reader.get(f"/id/schedules/{where}").get_data(as_text=True)
    assert "sequence: 2" in taps.facts()


def test_sessions_to_confirm_stand_on_the_desks_first_page(taps: Taps) -> None:
    taps.client.post(f"{DESK}/keliling/sabtu-2026-12-05/state", data={"state": "planned"})
    assert "Sesi yang perlu dipastikan" not in taps.client.get("/id/staff/").get_data(as_text=True)
    taps.client.post(f"{SESSION}/state", data={"state": "planned"})
    text = taps.client.get("/id/staff/").get_data(as_text=True)
    assert "/id/staff/schedules/#session-keliling-lembah-2026-12-01" in text


def test_a_session_without_places_gets_them(taps: Taps) -> None:
    where = f"{DESK}/keliling/sabtu-2026-12-12/places"
    assert taps.client.post(where, data={"taken": "3"}).status_code == 422
    assert taps.client.post(where, data={"taken": "3", "total": "30"}).status_code == 303
    assert "27 dari 30" in taps.client.get(f"{DESK}/").get_data(as_text=True)


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
def test_what_cannot_be_tapped(taps: Taps, path: str, data: dict[str, str], status: int) -> None:
    assert taps.client.post(path, data=data).status_code == status


def test_a_refusal_of_the_desk_is_said(taps: Taps) -> None:
    taps.desk.refuses = True
    said = taps.client.post(f"{SESSION}/places", data={"step": "1"})
    assert said.status_code == 409
    assert "Somebody else has just changed this." in said.get_data(as_text=True)


def test_taps_at_one_moment_add_up(make_app: AppFactory, content: Path, tmp_path: Path) -> None:
    repository = tmp_path / "content.git"
    ensure_repository(repository, content, at=datetime(2026, 11, 1, tzinfo=UTC))
    clock = datetime.fromisoformat("2026-12-03T07:30+08:00")
    app = make_app(content=repository, content_is_repository=True, clock=clock)
    clients = [signed_in(app, ["scheduler"], email=f"petugas{number}@example.org") for number in range(4)]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = pool.map(lambda one: one.post(f"{SESSION}/places", data={"step": "1"}).status_code, clients)
        assert list(answers) == [303] * len(clients)
    assert "14 dari 60" in clients[0].get(f"{DESK}/").get_data(as_text=True)
