"""The board of the front page: closures ahead in one line, services of unknown hours in one row."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.conftest import AppFactory
from tests.invariants import ROOT
from tests.reading import links_of, main_of, tree_of


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2026-12-22T10:00+08:00", "Closed: Thursday 24 Dec, Friday 25 Dec (Christmas collective leave, Christmas)"),
        ("2026-12-26T10:00+08:00", ""),
    ],
)
def test_closures_of_the_next_days_stand_on_top(make_app: AppFactory, now: str, closed: str) -> None:
    app = make_app(content=ROOT / "content", clock=datetime.fromisoformat(now))
    board = next(
        section
        for section in tree_of(app.test_client().get("/en/")).iter("section")
        if "board" in section.get("class", "")
    )
    text = " ".join("".join(board.itertext()).split())
    assert closed in text
    assert ("Closed: " in text) == bool(closed)
    assert text.count("Hours not confirmed") == 1
    rows = ["".join(row.itertext()) for row in board.iter("li")]
    assert "Information desk, Passport application" in rows[-1]


def test_a_district_without_service_says_so_and_leads_on(make_app: AppFactory) -> None:
    client = make_app(content=ROOT / "content", clock=datetime.fromisoformat("2026-11-25T10:00+08:00")).test_client()
    districts = client.application.extensions["portal"].live.current().reference("districts")
    page = client.get("/en/schedules/?district=lembata")
    text = main_of(page)
    assert "No service and no session is announced in" in text
    assert "/en/coverage?district=lembata" in links_of(page)
    chips = [link for link in links_of(client.get("/en/schedules/")) if "district=" in link]
    assert len(chips) == len(districts) == 22


def test_an_unknown_district_is_said(make_app: AppFactory) -> None:
    client = make_app(content=ROOT / "content").test_client()
    for value in ("atlantis", "<b>"):
        text = main_of(client.get(f"/id/schedules/?district={value}"))
        assert "Kabupaten itu tidak kami kenal" in text
