"""Errors as pages in the reader's language with a way on; old addresses lead to their successors."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.exceptions import TooManyRequests

from tests.conftest import AppFactory
from tests.content.tree import write
from tests.reading import links_of, main_of


@pytest.fixture
def failing(make_app: AppFactory) -> Flask:
    """An application with a page for each error."""
    app = make_app()

    def fail(code: int) -> str:
        if code == 429:
            raise TooManyRequests(retry_after=7)
        abort(code)

    app.add_url_rule("/<lang:lang>/fail/<int:code>", "fail", fail)
    return app


@pytest.mark.parametrize("code", [400, 403, 404, 410, 429, 500])
def test_each_error_is_a_page_in_both_languages(failing: Flask, code: int) -> None:
    client = failing.test_client()
    for language in ("id", "en"):
        answer = client.get(f"/{language}/fail/{code}")
        assert answer.status_code == code
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert f'<html lang="{language}">' in answer.get_data(as_text=True)
        assert f"/{language}/" in links_of(answer)


def test_a_limit_says_when_it_ends(failing: Flask) -> None:
    answer = failing.test_client().get("/en/fail/429")
    assert answer.headers["Retry-After"] == "7"
    assert "Wait 7 seconds" in main_of(answer)


def test_an_error_outside_a_language_follows_the_browser(client: FlaskClient) -> None:
    answer = client.get("/nowhere/at/all", headers={"Accept-Language": "en"})
    assert 'lang="en"' in answer.get_data(as_text=True)[:60]
    assert 'lang="id"' in client.get("/nowhere/at/all").get_data(as_text=True)[:60]


def test_a_language_that_the_site_lacks_is_not_here(app: Flask) -> None:
    # The checked client would want the page in the language of the address.
    client = FlaskClient(app, app.response_class)
    assert client.get("/fr/").status_code == 404
    assert client.get("/zz/faq/berapa-biaya").status_code == 404


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/en/faq/old", "/en/faq/biaya"),
        ("/id/faq/old", "/id/faq/biaya"),
        ("/en/guidance/old/siapkan", "/en/guidance/panduan/siapkan"),
        ("/en/guidance/old/", "/en/guidance/panduan"),
        ("/en/old-page", "/en/about"),
    ],
)
def test_old_addresses_lead_to_their_successors(make_app: AppFactory, tmp_path: Path, path: str, target: str) -> None:
    redirects = "faq/old: faq/biaya\nguidance/old: guidance/panduan\npages/old-page: pages/about\nfaq/dropped: gone\n"
    client = make_app(content=write(tmp_path / "content", {"redirects.yaml": redirects})).test_client()
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (301, target)
    assert client.get("/en/faq/dropped").status_code == 410
