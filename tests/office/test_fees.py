"""The page of fees: it announces a change, changes by itself on the day, and remembers what held before."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from portal.content.reference import DatedValue
from portal.office.fees import history
from tests.conftest import AppFactory
from tests.reading import links_of, main_of

PAGE = "/en/fees"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2024-12-10T10:00+08:00", "IDR 310,000 until 16 December 2024; from 17 December 2024: IDR 470,000"),
        ("2024-12-16T23:59+08:00", "IDR 310,000 until 16 December 2024; from 17 December 2024: IDR 470,000"),
        ("2024-12-17T00:00+08:00", "IDR 470,000 since 17 December 2024 (before: IDR 310,000)"),
        ("2025-06-01T10:00+08:00", "since 17 Dec 2024"),
    ],
)
def test_the_page_on_the_days_around_a_change(make_app: AppFactory, now: str, words: str) -> None:
    client = make_app(clock=datetime.fromisoformat(now)).test_client()
    assert words in main_of(client.get(PAGE))


def test_one_process_changes_the_page_at_midnight(make_app: AppFactory) -> None:
    app = make_app()
    client = app.test_client()
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2024-12-16T23:59:59+08:00")
    assert "until 16 December 2024" in main_of(client.get(PAGE))
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2024-12-17T00:00:00+08:00")
    assert "IDR 470,000 since 17 December 2024" in main_of(client.get(PAGE))


def test_every_fee_stands_there_with_basis_and_history(client: FlaskClient) -> None:
    page = client.get(PAGE)
    text = main_of(page)
    for words in ("New card", "Lost card surcharge", "Express service", "not known", "Before and after"):
        assert words in text
    assert "IDR 310,000, from 1 Jan 2020, until 16 Dec 2024" in text
    assert "/en/laws#pp-2-2020" in links_of(page)


def test_history_is_told_where_there_is_one() -> None:
    old = DatedValue(value=1, valid_to=date(2024, 1, 1))
    new = DatedValue(value=2, valid_from=date(2024, 1, 2))
    unknown = DatedValue(value="unknown")
    assert history([old, new]) == [new, old]
    assert history([new, unknown]) == []
