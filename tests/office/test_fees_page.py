"""The page of fees: common ones first, another day without later amounts, two days compared."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppFactory
from tests.invariants import ROOT
from tests.reading import main_of, tree_of


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The project's own content."""
    return AppFactory(tmp_path_factory.mktemp("fees"))(content=ROOT / "content").test_client()


def test_common_fees_come_first_and_the_rest_opens_by_topic(client: FlaskClient) -> None:
    page = client.get("/en/fees")
    text = main_of(page)
    first, rest = text.split("All fees", 1)
    assert "Electronic passport, valid up to 10 years" in first
    assert "Electronic passport, valid up to 10 years" in rest
    groups = [element for element in tree_of(page).iter("details") if element.get("class") == "fees"]
    assert len(groups) > 5
    assert all(group.get("open") is None for group in groups)


def test_another_day_never_tells_a_later_amount(client: FlaskClient) -> None:
    for path in ("/en/fees?as_of=2024-12-16", "/en/faq/paspor-biaya?as_of=2024-12-16"):
        text = main_of(client.get(path))
        assert "not known" in text
        assert "650,000" not in text.split("Before and after")[0]
    assert "IDR 650,000" in main_of(client.get("/en/fees?as_of=2024-12-17"))


def test_two_days_are_compared(client: FlaskClient) -> None:
    text = main_of(client.get("/en/fees?as_of=2024-12-16&with=2026-11-25"))
    compared = text.split("What differs between the two days")[1]
    assert "→" in compared
    assert "not known" not in compared
    assert "fees we do not hold the amount of one of the days" in compared
    same = main_of(client.get("/en/fees?as_of=2026-01-05&with=2026-01-06"))
    assert "No fee that we know of both days differs." in same


def test_days_that_are_none_are_said(client: FlaskClient) -> None:
    assert "That day cannot be shown" in main_of(client.get("/en/fees?as_of=1990-01-01"))
    assert client.get("/en/fees?with=nonsense").status_code == 200
