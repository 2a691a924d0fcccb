"""Terms of the glossary in running text: capitals only where a sentence begins."""

from __future__ import annotations

import pytest
from flask import Flask, g

from portal.content.markdown.compiler import compile_body
from portal.settings import PROJECT
from portal.web.pages import body_html
from tests.conftest import AppFactory


@pytest.fixture(scope="module")
def shipped_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return AppFactory(tmp_path_factory.mktemp("shipped"))(content=PROJECT / "content")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{{ term:paspor-elektronik }} berlaku.", "Paspor elektronik"),
        ("Bawa {{ term:paspor-elektronik }} Anda.", "paspor elektronik"),
        ("Datang. {{ term:paspor-elektronik }} diambil.", "Paspor elektronik"),
        ("- {{ term:paspor-elektronik }}", "Paspor elektronik"),
        ("- **{{ term:paspor-elektronik }}** lama", "Paspor elektronik"),
        ("Bawa **{{ term:paspor-elektronik }}** lama", "paspor elektronik"),
        ("Lewat {{ term:m-paspor }}", "M-Paspor"),
    ],
)
def test_a_term_begins_with_a_capital_where_a_sentence_does(shipped_app: Flask, written: str, shown: str) -> None:
    with shipped_app.test_request_context("/id/"):
        g.language = "id"
        assert f">{shown}</a>" in body_html(compile_body(written).segments)
