"""The finder's pages: what a case changes in card and checklist, two passports, changing an answer, a longer stay."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

FINDER = "/en/permits/finder?"
TOURIST = "location=abroad&purpose=tourism&stay="


def _text(page: FlaskClient, path: str) -> str:
    response = page.get(path)
    assert response.status_code == 200, response.location
    return unescape(response.get_data(as_text=True))


def _rows(html: str) -> dict[str, str]:
    """The rows of the lists of facts, without markup."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html, re.S)
    return {label: " ".join(re.sub("<[^>]+>", " ", value).split()) for label, value in pairs}


def _link(html: str, words: str) -> str:
    match = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{words}', html)
    assert match, words
    return match[1]


def test_a_calling_visa_passport_changes_the_card(page: FlaskClient) -> None:
    ordinary = _rows(_text(page, f"{FINDER}nationality=BD&{TOURIST}20"))
    calling = _rows(_text(page, f"{FINDER}nationality=NG&{TOURIST}20"))
    assert ordinary["Guarantor"] == "Not required"
    assert "your own account" in ordinary["Where to apply"]
    assert calling["Guarantor"] == "A person or organisation in Indonesia"
    assert "the guarantor’s account" in calling["Where to apply"]
    assert calling["Extension"].endswith("up to 180 days in all; decided in Jakarta")


def test_another_document_changes_card_and_checklist(page: FlaskClient) -> None:
    html = _text(page, f"{FINDER}document=other&{TOURIST}20")
    assert _rows(html)["Guarantor"] == "A person or organisation in Indonesia"
    assert "A travel document valid for at least twelve more months" in html
    assert "A permit to return to the country where you apply" in html
    assert "six more months" not in html
    assert html.count("Return or onward ticket") == 1
    assert "six more months" in _text(page, f"{FINDER}nationality=BD&{TOURIST}20")


def test_two_passports_have_one_answer_each(page: FlaskClient) -> None:
    html = _text(page, f"{FINDER}nationality=DE&second=ID&{TOURIST}20")
    german, indonesian = html.split("With the passport of Indonesia")
    assert "Visa on arrival and e-VoA (B1)" in german
    assert "Indonesian citizens need no visa" in indonesian
    assert "Use the same one to apply, to enter and to leave." in html
    whole = _link(german, "The whole answer")
    assert whole == f"{FINDER}nationality=DE&{TOURIST}20"
    assert "Visa on arrival and e-VoA (B1)" in _text(page, whole)
    data = page.get(f"/en/permits/finder.json?nationality=DE&second=ID&{TOURIST}20").get_json()
    assert {code: record["permit"] for code, record in data["by_passport"].items()} == {"DE": "B1", "ID": "WNI"}


def test_change_reaches_every_purpose_and_back_leads_where_the_reader_was(page: FlaskClient) -> None:
    result = f"{FINDER}nationality=DE&{TOURIST}20"
    families = _text(page, f"{FINDER}nationality=DE&{TOURIST}20&change=purpose")
    assert f"{FINDER}nationality=DE&{TOURIST}20&change=purpose" in _text(page, result)
    assert {"visit", "work", "study", "long"} <= set(re.findall(r'name="group" value="(\w+)"', families))
    assert re.search(r'value="visit"[^>]*checked', families)
    assert _link(families, "Back") == result
    options = _text(page, f"{FINDER}group=work&location=abroad&nationality=DE&stay=20")
    assert 'value="clergy"' in options
    assert 'name="stay" value="20"' in options
    back = _text(page, _link(options, "Back"))
    assert 'value="study"' in back


def test_back_passes_the_pages_in_their_order(page: FlaskClient) -> None:
    stay = _text(page, f"{FINDER}group=visit&location=abroad&nationality=DE&purpose=tourism&step=stay")
    options = _text(page, _link(stay, "Back"))
    assert re.search(r'value="tourism"[^>]*checked', options)
    families = _text(page, _link(options, "Back"))
    assert 'name="group" value="work"' in families
    location = _text(page, _link(families, "Back"))
    assert re.search(r'value="abroad"[^>]*checked', location)
    border = _text(page, f"{FINDER}group=border&location=abroad&nationality=TL&step=stay")
    assert 'name="group" value="work"' in _text(page, _link(border, "Back"))


def test_a_group_chosen_for_another_way_hides_no_answers(page: FlaskClient) -> None:
    assert 'value="in_bvk"' in _text(page, f"{FINDER}nationality=DE&location=in_country&group=visit")


def test_45_days_show_the_total_with_extension_and_its_dates(page: FlaskClient) -> None:
    rows = _rows(_text(page, f"{FINDER}nationality=AU&{TOURIST}45&arriving=2026-12-01"))
    assert rows["Days in all"] == "60 days 30 and 1 extension"
    assert rows["First stay ends"] == "Wednesday, 30 December 2026"
    assert rows["Ask for the extension from"] == "Wednesday, 16 December 2026"
    assert rows["Extended until"] == "Friday, 29 January 2027"
    assert rows["Your day 45"] == "Thursday, 14 January 2027"
    assert rows["Cost in all"] == "IDR 1,000,000 visa and 1 extension"
    assert "Days in all" not in _rows(_text(page, f"{FINDER}nationality=AU&{TOURIST}30"))


@pytest.mark.parametrize("typed", ["Korea", "Korean", "orang Korea"])
def test_both_koreas_are_asked(page: FlaskClient, typed: str) -> None:
    html = _text(page, f"{FINDER}nationality={typed}")
    assert "can be more than one country" in html
    assert 'value="KP"' in html
    assert 'value="KR"' in html
    assert "can be more than one country" in _text(page, f"/en/permits/passports?country={typed}")
