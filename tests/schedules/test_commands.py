"""Sessions, places and holidays from a terminal, and the checks of their content."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal.content.checks.rules import Context, check
from portal.content.document import LocalText
from portal.content.problems import ContentError
from portal.schedules import checks
from portal.schedules.edits import NoSuchSeries, edit_series
from portal.timetable.holiday_import import differences, packaged_year
from portal.timetable.holidays import HolidayRecord
from portal.timetable.sessions import edits
from tests.conftest import AppFactory
from tests.timetable.test_calendar_files import both

ZONE = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=ZONE)
CLOSED = "order: 3\nhours: {exceptions: [{date: 2026-12-17, closed: true}]}"
SERVICE = "schedules/keliling/facts.yaml"


def run(app: Flask, *arguments: str) -> str:
    """The output of a command that succeeds."""
    result = app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def calendar(app: Flask) -> dict[str, tuple[str, int]]:
    """The Saturday sessions as calendars show them."""
    app.extensions["portal"].live._next_poll = 0.0
    body = app.test_client().get("/id/schedules/keliling/calendar.ics").data
    return both(body)["keliling.sabtu@schedules.portal"]


def test_cancel_restore_and_move_reach_the_calendar(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content)
    day = "2026-12-12"
    assert calendar(app)[f"{day}T08:00"] == ("CONFIRMED", 1)
    run(app, "session", "keliling", "sabtu", day, "cancel", "--reason-id", "Hujan", "--reason-en", "Rain")
    assert calendar(app)[f"{day}T08:00"] == ("CANCELLED", 2)
    run(app, "session", "keliling", "sabtu", day, "restore")
    assert calendar(app)[f"{day}T08:00"] == ("CONFIRMED", 3)
    run(app, "session", "keliling", "sabtu", day, "move", "2026-12-13", "--reason-id", "Pindah")
    assert calendar(app)["2026-12-13T08:00"] == ("CONFIRMED", 4)
    run(app, "session", "keliling", "sabtu", "2026-12-19", "hours", "09:00-11:00", "--following")
    text = (content / SERVICE).read_text()
    assert "id: sabtu-20261219" in text
    assert "# This comment has to outlive edits of the sessions." in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keliling", "sabtu", "2026-12-13", "cancel", "--reason-id", "x"), "is no date of"),
        (("keliling", "sabtu", "2026-12-12", "cancel"), "needs its `reason`"),
        (("keliling", "nothing", "2026-12-12", "restore"), "has no series"),
        (("nowhere", "sabtu", "2026-12-12", "restore"), "There is no schedules/nowhere"),
        (("keliling", "sabtu", "2026-12-12", "hours", "12"), "is not a slot"),
        (("keliling", "sabtu", "2026-12-12", "hours"), "needs a value"),
        (("keliling", "sabtu", "2026-12-12", "move", "2026-02-31"), "2026-02-31"),
    ],
)
def test_bad_edits_change_nothing(make_app: AppFactory, content: Path, arguments: tuple[str, ...], said: str) -> None:
    app = make_app(content=content)
    before = (content / SERVICE).read_text()
    result = app.test_cli_runner().invoke(args=["session", *arguments])
    assert result.exit_code != 0
    assert said in result.output
    assert (content / SERVICE).read_text() == before


def test_places_do_not_touch_the_sequence(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content, clock=NOW)
    assert "0 of 60" in run(app, "quota", "keliling", "lembah", "2026-12-17", "61", "60")
    assert "sequence: 1" in (content / SERVICE).read_text()
    app.extensions["portal"].live._next_poll = 0.0
    data = app.test_client().get("/id/schedules/keliling/data.json").get_json()
    sessions = {session["id"]: session for session in data["services"][0]["sessions"]}
    assert sessions["lembah-2026-12-17"]["state"] == "full"
    assert sessions["lembah-2026-12-17"]["places"]["left"] == 0


def test_samples_can_be_removed(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content)
    assert "schedules/loket" in run(app, "remove-samples", "--dry-run")
    assert (content / "schedules/loket").exists()
    run(app, "remove-samples")
    assert not (content / "schedules/loket").exists()
    assert (content / "schedules/kantor").exists()
    app.extensions["portal"].live._next_poll = 0.0
    assert app.test_client().get("/id/schedules/loket").status_code == 404
    assert "There are no samples" in run(app, "remove-samples")


def test_holidays_are_laid_side_by_side(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content)
    output = run(app, "import-holidays", "2026")
    assert "+ 2026-01-01 national: Tahun Baru Masehi" in output
    assert "2026-12-25" not in output
    run(app, "import-holidays", "2026", "--write")
    app.extensions["portal"].live._next_poll = 0.0
    assert "Nothing differs for 2026." in run(app, "import-holidays", "2026")
    assert "Natal, en: Christmas" in (content / "reference/holidays/2026.yaml").read_text()


def test_estimates_and_own_days_show_as_differences() -> None:
    theirs = packaged_year("ID", 2027)
    eid = next(record for record in theirs.values() if record.day == date(2027, 3, 10))
    assert eid.estimated
    assert "(" not in eid.name["id"]
    own = {
        "a": HolidayRecord(name=LocalText(id="Idulfitri"), kind="national", day=date(2027, 3, 10)),
        "b": HolidayRecord(name=LocalText(id="Hari sendiri"), kind="national", day=date(2027, 7, 7)),
        "c": HolidayRecord(name=LocalText(id="Hari provinsi"), kind="regional", day=date(2027, 7, 8)),
    }
    lines = [str(item) for item in differences(own, theirs, 2027)]
    assert "~ 2027-03-10 national: Idulfitri -> Hari Raya Idul Fitri (perkiraan)" in lines
    assert "- 2027-07-07 national: Hari sendiri" in lines
    assert not [item for item in lines if "2027-07-08" in item]
    with pytest.raises(ValueError, match="holidays package"):
        packaged_year("XX", 2027)


def found_problems(app: Flask) -> str:
    """What the content check says of schedules."""
    live = app.extensions["portal"].live
    live._next_poll = 0.0
    context = Context(today=date(2026, 11, 24), types=app.extensions["portal"].types)
    problems = check(live.current(), context, [checks.problems])
    return "\n".join(
        str(problem) for problem in problems if problem.path.startswith("schedules/") and not problem.is_warning
    )


@pytest.mark.parametrize(
    ("service", "old", "new", "said"),
    [
        ("loket", "place: ruang", "place: nowhere", "place: names 'nowhere', which does not exist; allowed: kantor"),
        ("loket", "group: loket", "group: x", "group: names 'x'"),
        ("loket", "follows: kantor", "follows: x", "follows: names 'x', which is no service"),
        ("pos", "order: 4", "order: 4\nfollows: loket", "follows another"),
        ("keliling", "place: pasar", "place: nowhere", "sessions[0].place: names 'nowhere'"),
        ("keliling", "    place: pasar\n", "", "sessions[0].place: is missing"),
        ("keliling", "order: 3", CLOSED, "has a session on 2026-12-17"),
        ("keliling", "id: sabtu", "id: lembah", "is used twice"),
        ("pos", "zone: Asia/Dili", "zone: Asia/Nowhere", "is not a time zone"),
        ("pos", "box: {documents", "box: {papers", "box: 'papers' is no key of it"),
    ],
)  # fmt: skip
def test_planted_defects_are_named(
    make_app: AppFactory, content: Path, service: str, old: str, new: str, said: str
) -> None:
    app = make_app(content=content)
    assert found_problems(app) == ""
    for path in (content / "schedules" / service).iterdir():
        path.write_text(path.read_text().replace(old, new))
    assert said in found_problems(app)


def test_a_broken_file_leaves_the_last_good_version_up(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content)
    before = calendar(app)
    path = content / SERVICE
    path.write_text(path.read_text().replace("count: 5", "interval: 1"))
    assert "the rule has no bound" in found_problems(app)
    assert calendar(app) == before


def test_a_change_of_time_needs_a_higher_sequence(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content)
    live = app.extensions["portal"].live
    published = live.current()
    path = content / SERVICE
    for old, new, is_problem in (
        ("taken: 42", "taken: 43", False),
        ('hours: "08:00-12:00"', 'hours: "08:00-11:00"', True),
        ("sequence: 1", "sequence: 2", False),
        ("place: pasar", "place: kantor", False),
    ):
        path.write_text(path.read_text().replace(old, new))
        live._next_poll = 0.0
        context = Context(today=date(2026, 11, 24), types={}, baseline=published)
        said = [problem.key for problem in checks.problems(live.current(), context)]
        assert said == (["sequence"] if is_problem else [])


def test_an_edit_refuses_what_the_reader_would_refuse(content: Path) -> None:
    text = (content / SERVICE).read_text()
    with pytest.raises(NoSuchSeries, match="it has: lembah, sabtu"):
        edit_series(text, "x", lambda series: (series,), now=NOW, zone=ZONE, path=SERVICE)
    with pytest.raises(ContentError, match="used twice"):
        edit_series(text, "sabtu", lambda series: (series, series), now=NOW, zone=ZONE, path=SERVICE)
    done = edit_series(
        text, "sabtu", lambda series: (edits.edit_all(series, state="full"),), now=NOW, zone=ZONE, path=SERVICE
    )
    assert "sequence: 2" in done
    assert 'modified: "2026-11-25T09:00:00+08:00"' in done
