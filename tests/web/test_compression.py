"""Answers that nobody keeps are compressed for whoever takes it, and say the same."""

from __future__ import annotations

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

SEARCH = "/id/search?q=kartu"


@pytest.mark.parametrize(("asked", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
@pytest.mark.parametrize("path", [SEARCH, "/id/search.json?q=kartu", "/id/faq/tiada"])
def test_an_answer_for_one_request_is_compressed(app, asked: str, unpack, path: str) -> None:  # type: ignore[no-untyped-def]
    # The plain client, since the checking one reads pages that nothing has packed.
    client = FlaskClient(app, app.response_class)
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": asked})
    if len(plain.data) < 600:
        assert "Content-Encoding" not in packed.headers
        return
    assert packed.headers["Content-Encoding"] == asked
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    assert unpack(packed.data)[:60] == plain.data[:60]


def test_whoever_takes_nothing_packed_gets_plain_bytes(app) -> None:  # type: ignore[no-untyped-def]
    answer = FlaskClient(app, app.response_class).get(SEARCH, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"<!doctype html>")
