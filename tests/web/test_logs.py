"""Logs: a request id, a route instead of an address, and nothing personal."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st

from portal.web.operations import logs


@pytest.fixture
def site() -> Flask:
    app = Flask(__name__)
    logs.install(app)

    @app.get("/codes/<code>")
    def code(code: str) -> Response:
        response = Response(logs.request_id())
        response.cache_control.no_store = code == "private"
        return response

    @app.get("/broken/<code>")
    def broken(code: str) -> str:
        raise LookupError(f"nothing for siti@example.org {code}")

    return app


@pytest.fixture
def lines(site: Flask, capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.configure(production=True)
    handler = next(one for one in root.handlers if one.get_name() == "portal")
    results: list[str] = []
    handler.emit = lambda record: results.append(handler.format(record))  # type: ignore[method-assign]
    yield results
    root.handlers, root.level = before, level


def test_a_request_is_told_by_its_route(site: Flask, lines: list[str]) -> None:
    site.test_client().get("/codes/AB12CD34?q=siti", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    line = json.loads(lines[-1])
    assert (line["route"], line["status"], line["method"], line["level"]) == ("/codes/<code>", 200, "GET", "info")
    assert not any(secret in lines[-1] for secret in ("AB12CD34", "siti", "203.0.113.9"))
    assert len(line["request"]) == 16


def test_an_unknown_address_is_not_repeated(site: Flask, lines: list[str]) -> None:
    site.test_client().get("/id/siti@example.org")
    assert json.loads(lines[-1])["route"] == "-"
    assert "siti" not in "".join(lines)


def test_an_exception_is_told_by_type_and_place(site: Flask, lines: list[str]) -> None:
    site.test_client().get("/broken/AB12CD34", headers={"X-Request-ID": "abcdef0123456789"})
    message = next(line for line in map(json.loads, lines) if "exception" in line)
    assert message["exception"] == "LookupError"
    assert any(place.endswith(" broken") for place in message["places"])
    assert message["message"] == "Exception on /broken/<code> [GET]"
    assert message["request"] == "abcdef0123456789"
    assert "siti" not in "".join(lines) and "AB12CD34" not in "".join(lines)


@pytest.mark.parametrize("named", ["", "short", "x" * 65, "with space 1", 'quote"1234567', "abc\u00e91234567"])
def test_a_forged_id_is_replaced(site: Flask, lines: list[str], named: str) -> None:
    site.test_client().get("/codes/a", headers={"X-Request-ID": named})
    assert json.loads(lines[-1])["request"] != named


def test_the_id_is_sent_only_with_answers_that_nobody_keeps(site: Flask) -> None:
    client = site.test_client()
    assert "X-Request-ID" not in client.get("/codes/public").headers
    private = client.get("/codes/private")
    assert private.headers["X-Request-ID"] == private.get_data(as_text=True)


@pytest.mark.parametrize(
    "secret", ["siti.aminah@example.org", "+6281234567890", "081234567890", "5371012345678901", "A1234567", "XC123456"]
)
def test_personal_data_is_taken_out(secret: str) -> None:
    assert logs.without_personal_data(f"to {secret}: refused") == "to [removed]: refused"


@given(st.text(max_size=200))
def test_any_text_can_be_logged_as_one_json_line(text: str) -> None:
    record = logging.LogRecord("portal", logging.INFO, "", 0, "%s", (text,), None)
    line = logs.JsonLines().format(record)
    assert "\n" not in line
    assert isinstance(json.loads(line)["message"], str)


def test_times_and_numbers_of_the_site_stay() -> None:
    message = "3 mails sent at 2026-11-24 10:00:00, 12345678 bytes"
    assert logs.without_personal_data(message) == message
