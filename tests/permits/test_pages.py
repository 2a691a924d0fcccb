"""The pages of permits in both languages, through the client that refuses a defective page."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

LANGUAGES = ("id", "en")
FINDER = "/en/permits/finder?"
GERMAN = FINDER + "nationality=DE&location=abroad&purpose=tourism&stay=45"


def _text(page: FlaskClient, path: str, status: int = 200) -> str:
    response = page.get(path)
    assert response.status_code == status, response.location
    return response.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    ["", "codes", "purposes", "old-codes", "nationality-lists", "nationality-lists/visa-free", "passports",
     "passports/TL", "passports/PK", "passports/ID", "finder", "stay", "cost", "b1", "e33g", "plb", "overstay"],
)  # fmt: skip
def test_pages_answer(page: FlaskClient, language: str, path: str) -> None:
    html = _text(page, f"/{language}/permits/{path}")
    assert f'<html lang="{language}"' in html
    assert f'hreflang="{language}"' in html


@pytest.mark.full
@pytest.mark.system
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_permit_has_a_page(page: FlaskClient, permits_app: Flask, language: str) -> None:
    from portal.web.state import portal

    with permits_app.app_context():
        slugs = [one.slug for one in portal().live.current().all("permits")]
    assert len(slugs) == 113
    for slug in slugs:
        _text(page, f"/{language}/permits/{slug}")


@pytest.mark.parametrize(
    ("written", "slug"), [("E33G", "e33g"), ("e-33-g", "e33g"), ("EXT-B1", "perpanjangan-voa"), ("E23B", "e23")]
)
def test_other_spellings_lead_to_the_permit(page: FlaskClient, written: str, slug: str) -> None:
    response = page.get(f"/en/permits/{written}")
    assert (response.status_code, response.location) == (301, f"/en/permits/{slug}")


def test_an_old_code_with_several_successors_leads_to_its_line(page: FlaskClient) -> None:
    assert page.get("/en/permits/B211A").location == "/en/permits/old-codes#b211a"
    assert 'id="b211a"' in _text(page, "/en/permits/old-codes")
    assert page.get("/en/permits/nonsense").status_code == 404


def test_a_permit_shows_its_amount_with_basis_and_one_without_says_to_ask(page: FlaskClient) -> None:
    paid = _text(page, "/en/permits/b1")
    assert "IDR 500,000" in paid
    assert "/en/laws#pp-45-2024" in paid
    unpaid = _text(page, "/en/permits/c2")
    assert "the amount is not confirmed" in unpaid
    assert "IDR" not in unpaid


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("nationality=DE&location=abroad&purpose=tourism&stay=-5", 200, "Enter at least 1 day."),
        ("nationality=DE&location=abroad&purpose=tourism&stay=99999", 200, "Enter at most 3650 days (10 years)."),
        ("nationality=DE&location=abroad&purpose=tourism&stay=4&arriving=2026-02-30", 200, "is no date"),
        ("nationality=DE&second=DE", 200, "You named the same country twice"),
        ("nationality=DE&nationality=FR", 200, "names two countries"),
        ("nationality=DE&location=abroad&purpose=gone&stay=4", 200, "is not one of the answers any more"),
        ("nationality=Germny", 200, "We know no country named"),
        ("nationality=DE&location=abroad&purpose=tourism&stay=4&colour=red", 200, "we do not use any more: “colour”"),
        (
            "nationality=DE&location=abroad&purpose=tourism&stay=4&arriving=2025-01-01",
            200,
            "Our rules begin on 2 June 2025",
        ),
    ],
)
def test_bad_input_is_told_and_kept(page: FlaskClient, query: str, status: int, words: str) -> None:
    html = _text(page, FINDER + query, status)
    assert words in html
    assert "noindex" in html
    if "stay=-5" in query:
        assert 'value="-5"' in html
        assert 'name="purpose" value="tourism"' in html


def test_an_answer_holds_everything_that_a_reader_needs(page: FlaskClient) -> None:
    html = _text(page, GERMAN)
    for words in (
        "Visa on arrival and e-VoA (B1)", "IDR 500,000", "30 days", "Once, by 30 days", "Not required", "You may not",
        "Legal basis", "Why this answer", "Germany", "What this does not cover", "The officer decides",
        "Version of the rules: 2026-11-24-", "All Indonesia declaration", 'data-behaviour="checklist"',
    ):  # fmt: skip
        assert words in html, words
    assert "change=purpose" in html


def test_kazakhstan_says_what_changes_and_since_when(page: FlaskClient) -> None:
    case = FINDER + "nationality=KZ&location=abroad&purpose=tourism&stay=10&arriving="
    assert "From 9 July 2026 this changes: Visa-free visit (A1)." in _text(page, case + "2026-07-01")
    after = _text(page, case + "2026-07-10")
    assert "This holds since 9 July 2026. Before that: Visa on arrival and e-VoA (B1)." in after


def test_a_shared_link_says_when_the_rules_have_changed(page: FlaskClient) -> None:
    assert "The answer then: Tourist visa (C1)." in _text(page, GERMAN + "&seen=2026-01-01-abcd1234_C1")
    assert "The answer is still the same." in _text(page, GERMAN + "&seen=2026-01-01-abcd1234_B1")
    assert "rules changed" not in _text(page, GERMAN + "&seen=<script>_B1")


def test_typed_names_end_at_the_one_address(page: FlaskClient) -> None:
    response = page.get(FINDER + "nationality=East+Timor&location=abroad&purpose=tourism&stay=2&unit=weeks")
    assert response.status_code == 302
    assert response.location == FINDER + "nationality=TL&location=abroad&purpose=tourism&stay=14"


def test_the_answer_as_data(page: FlaskClient) -> None:
    response = page.get("/en/permits/finder.json?nationality=TL&location=abroad&purpose=tourism&stay=14")
    data = response.get_json()
    assert (data["permit"], data["slug"], data["is_referral"]) == ("A1", "a1", False)
    assert data["legal_basis"] == ["perpres-95-2024"]
    wrong = page.get("/en/permits/finder.json?nationality=TL&location=abroad&purpose=tourism&stay=-5")
    assert wrong.status_code == 400
    assert wrong.get_json()["errors"] == [{"field": "stay", "message": "Enter at least 1 day."}]
    early = page.get("/en/permits/finder.json?nationality=TL&location=unknown&arriving=2025-01-01")
    assert early.get_json()["errors"][0]["field"] == "arriving"


def test_lists_can_be_taken_along(page: FlaskClient) -> None:
    table = page.get("/en/permits/nationality-lists/visa-free.csv")
    assert table.data.startswith(b"\xef\xbb\xbfcountry,name_id,name_en,valid_from,valid_to,legal_basis\r\n")
    assert b"KZ,Kazakhstan,Kazakhstan,2026-07-09,,permenimipas-10-2026" in table.data
    data = page.get("/en/permits/nationality-lists/visa-free.json").get_json()
    assert len(data["members"]) == 19
    assert page.get("/en/permits/nationality-lists/none.csv").status_code == 404


def test_the_passport_of_timor_leste(page: FlaskClient) -> None:
    assert page.get("/en/permits/passports?country=timor leste").location == "/en/permits/passports/TL"
    html = _text(page, "/en/permits/passports/TL")
    assert "29 August 2024" in html
    assert "since when is not known" in html
    assert page.get("/en/permits/passports/tl").location == "/en/permits/passports/TL"
    assert page.get("/en/permits/passports/XX").status_code == 404


def test_days_of_a_stay_and_its_calendar(page: FlaskClient) -> None:
    html = _text(page, "/en/permits/stay?permit=b1&arrival=2026-12-01")
    for words in ("Wednesday, 30 December 2026", "Thursday, 31 December 2026", "IDR 1,000,000"):
        assert words in html, words
    assert "per day. Up to 60 days" in html
    feast = _text(page, "/en/permits/stay?permit=b1&arrival=2026-12-05")
    assert "Holidays that were left out" in feast
    assert "Wednesday, 23 December 2026" in feast
    calendar = Calendar.from_ical(page.get("/en/permits/stay.ics?permit=b1&arrival=2026-12-01").data)
    days = {event.decoded("dtstart") for event in calendar.walk("VEVENT")}
    assert date(2026, 12, 30) in days
    assert len(calendar.walk("VALARM")) >= 5
    assert min(days) >= date(2026, 12, 30) - timedelta(days=14)
    assert page.get("/en/permits/stay.ics?permit=b1").status_code == 400
    assert "Choose the length of your permit." in _text(page, "/en/permits/stay?permit=c12&arrival=2026-12-01")
    assert "is no date" in _text(page, "/en/permits/stay?permit=b1&arrival=2026-02-30")


def test_a_total_only_where_every_amount_is_known(page: FlaskClient) -> None:
    assert "IDR 2,000,000" in _text(page, "/en/permits/cost?permit=b1&extensions=1&people=2")
    open_ = _text(page, "/en/permits/cost?permit=c1&extensions=1")
    assert "No total" in open_
    assert "Enter a whole number from 1 to 99." in _text(page, "/en/permits/cost?permit=b1&people=0")
    assert "Enter a whole number" in _text(page, "/en/permits/cost?permit=b1&late=" + "9" * 50)


def test_the_commands_speak(permits_app: Flask, tmp_path: Path) -> None:
    run = permits_app.test_cli_runner().invoke
    asked = ["find-permit", "--nationality", "TL", "--location", "abroad", "--purpose", "tourism", "--stay", "14"]
    assert json.loads(run(args=[*asked, "--json"]).output)["permit"] == "A1"
    refused = run(args=["find-permit", "--nationality", "Germny", "--location", "abroad"])
    assert (refused.exit_code, "did you mean DE" in refused.output) == (1, True)
    cases = Path(__file__).with_name("cases.yaml")
    checked = run(args=["check-finder", "--cases", str(cases)])
    assert checked.exit_code == 0, checked.output
    assert "50 passed, 0 failed" in checked.output
    assert "contradicting: 0" in checked.output
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("- {location: abroad, nationality: DE, purpose: work, stay_days: 5, expect_primary: C1}\n")
    failed = run(args=["check-finder", "--cases", str(wrong)])
    assert (failed.exit_code, "0 passed, 1 failed" in failed.output) == (1, True)
    wrong.write_text("- {where: abroad}\n")
    assert run(args=["check-finder", "--cases", str(wrong)]).exit_code == 1
