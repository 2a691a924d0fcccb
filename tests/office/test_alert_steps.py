"""An alert from a phone in three steps, nothing lost on the way, ended by one tap."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.office.staff import PERMISSIONS
from tests.accounts.signing import signed_in
from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.feedback.folder_staff_services import FolderStaffServices

DESK = "/id/staff/alerts"
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
STORM = {
    "severity": "emergency",
    "on": "site",
    "title-id": "Badai: kantor tutup",
    "summary-id": "Tinggallah di rumah.",
    "title-en": "Storm: the office is closed",
    "summary-en": "Stay at home.",
    "until": "2026-12-01T18:00",
}


class Watch:
    """Whoever writes alerts on the first of December at nine."""

    def __init__(self, make_app: AppFactory, content: Path) -> None:
        self.app = make_app(content=content, clock=datetime.fromisoformat("2026-12-01T09:00+08:00"))
        self.content = content
        self.desk = FolderStaffServices(self.app, content)
        self.client = signed_in(self.app, ["reviewer"])
        self.reader = self.app.test_client()

    def step(self, name: str, **fields: str) -> TestResponse:
        fields.pop("csrf_token", None)
        return self.client.post(f"{DESK}/new/{name}", data=fields)


@pytest.fixture
def watch(make_app: AppFactory, tmp_path: Path) -> Watch:
    return Watch(make_app, shutil.copytree(SAMPLE_CONTENT, tmp_path / "content"))


def test_every_view_names_its_permission_and_a_scheduler_has_none(watch: Watch) -> None:
    views = {rule.endpoint for rule in watch.app.url_map.iter_rules() if rule.endpoint.startswith("office_staff.")}
    assert views == set(PERMISSIONS)
    assert signed_in(watch.app, ["scheduler"]).get(f"{DESK}/").status_code == 403


def test_three_steps_and_readers_see_it_in_both_languages(watch: Watch) -> None:
    kind = {"severity": "emergency", "on": "site"}
    two = watch.step("words", **kind).get_data(as_text=True)
    assert 'value="2026-12-01T23:59"' in two
    carried = dict(HIDDEN.findall(two))
    words = {name: value for name, value in STORM.items() if name not in kind}
    three = watch.step("check", **{**carried, **words})
    assert "Storm: the office is closed" in three.get_data(as_text=True)
    carried = dict(HIDDEN.findall(three.get_data(as_text=True)))
    published = watch.step("publish", **carried)
    assert published.status_code == 303
    slug = "20261201-badai-kantor-tutup"
    assert watch.desk.recorded == [("alerts.publish", f"alerts/{slug}")]
    assert "Badai: kantor tutup" in watch.reader.get("/id/faq/").get_data(as_text=True)
    assert 'class="alert emergency"' in watch.reader.get("/en/fees").get_data(as_text=True)
    assert "Stay at home." in watch.reader.get("/en/fees").get_data(as_text=True)
    assert "Peringatan yang segera berakhir" in watch.client.get("/id/staff/").get_data(as_text=True)
    assert watch.client.post(f"{DESK}/{slug}/end").status_code == 303
    assert "Badai" not in watch.reader.get("/id/faq/").get_data(as_text=True)


def test_an_alert_on_one_room_stands_there_alone(watch: Watch) -> None:
    watch.step("publish", **{**STORM, "on": "news"})
    assert "Badai" in watch.reader.get("/id/news/").get_data(as_text=True)
    assert "Badai" not in watch.reader.get("/id/faq/").get_data(as_text=True)


def test_the_other_language_may_come_later_when_somebody_says_so(watch: Watch) -> None:
    urgent = {**STORM, "title-en": "", "summary-en": ""}
    assert watch.step("check", **urgent).status_code == 422
    assert watch.step("publish", **urgent, only_primary="yes").status_code == 303
    assert 'lang="id"><' in watch.reader.get("/en/faq/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"severity": ""}, "severity"),
        ({"on": "nowhere"}, "on"),
        ({"title-id": " "}, "title-id"),
        ({"title-id": "x" * 81}, "title-id"),
        ({"summary-en": "x" * 241}, "summary-en"),
        ({"until": ""}, "until"),
        ({"until": "2026-12-01T08:00"}, "until"),
        ({"until": "2027-06-01T08:00"}, "until"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    watch: Watch, changed: dict[str, str], field: str
) -> None:
    for step in ("check", "publish"):
        answer = watch.step(step, **{**STORM, **changed})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert f'href="#field-{field}"' in text
        assert "Tinggallah di rumah." in text
    assert watch.desk.reasons == []


def test_going_back_loses_nothing(watch: Watch) -> None:
    text = watch.step("words", **STORM).get_data(as_text=True)
    assert 'value="Badai: kantor tutup"' in text
    assert 'value="2026-12-01T18:00"' in text
    assert watch.client.get(f"{DESK}/new/words").headers["Location"] == f"{DESK}/new"


def test_the_same_words_twice_a_day_are_two_alerts(watch: Watch) -> None:
    for _ in range(2):
        assert watch.step("publish", **STORM).status_code == 303
    assert (watch.content / "alerts" / "20261201-badai-kantor-tutup-2" / "id.md").exists()


def test_an_alert_that_has_not_begun_can_be_called_off(watch: Watch) -> None:
    assert watch.client.post(f"{DESK}/tutup-akhir-tahun/end").status_code == 303
    assert "status: draft" in (watch.content / "alerts" / "tutup-akhir-tahun" / "facts.yaml").read_text()
    assert watch.client.post(f"{DESK}/unknown/end").status_code == 404


def test_a_refusal_of_the_desk_is_said_and_nothing_is_lost(watch: Watch) -> None:
    watch.desk.refuses = True
    answer = watch.step("publish", **STORM)
    assert answer.status_code == 409
    assert "Badai: kantor tutup" in answer.get_data(as_text=True)
    assert watch.client.post(f"{DESK}/tutup-akhir-tahun/end").status_code == 409
