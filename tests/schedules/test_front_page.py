"""The board of the front page: closures ahead in one line, services of unknown hours in one row."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.conftest import AppFactory
from tests.invariants import ROOT
from tests.reading import tree_of


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
