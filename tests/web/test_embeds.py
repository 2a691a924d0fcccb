"""Terms of the glossary in running text: capitals only where a sentence begins."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask, g

from portal.content.markdown.compiler import compile_body
from portal.page_cache.tracking import TrackedCatalogue
from portal.settings import PROJECT
from portal.web.documents.embeds import fill
from portal.web.pages import body_html, embed_context
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


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> x" onload="y'


class Tags(HTMLParser):
    """The names of all tags and attributes of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {tag, *(name for name, _value in attrs)}


@pytest.mark.parametrize(
    "written",
    [
        f"::: warning {HOSTILE}\nx\n:::\n",
        f"::: download {HOSTILE}\n:::\n",
        f"::: download a.pdf {HOSTILE}\n:::\n",
        f"::: contact {HOSTILE}\n:::\n",
        f"::: picture peta {HOSTILE}\n:::\n",
        f"{{{{ law:{HOSTILE} }}}} {{{{ term:{HOSTILE} }}}} {{{{ money:{HOSTILE} }}}}",
        f"[a](faq/{HOSTILE.replace(' ', '')}) ![{HOSTILE}](media/a.png)",
        f"## {HOSTILE} {{#{HOSTILE}}}\n\n### {HOSTILE} {{#{HOSTILE}}}\n",
        "{{ law:x }} ![{{ law:x }}](media/a.png) [a](/embed-0-embed/) ![a](media/embed-0-embed/)",
    ],
)
def test_no_embed_leaves_its_place(shipped_app: Flask, written: str) -> None:
    size = SimpleNamespace(name=HOSTILE, width=640, height=480)
    record = SimpleNamespace(sizes=(size,), words={"id": HOSTILE}, suffix="jpg", credit=HOSTILE)
    catalogue = SimpleNamespace(reference=lambda name: {"peta": record} if name == "media" else {})
    with shipped_app.test_request_context("/id/"):
        g.language = "id"
        context = replace(embed_context(), catalogue=cast("TrackedCatalogue", catalogue))
        tags = Tags(fill(compile_body(written).segments, context))
    assert not tags.names & {"script", "onerror", "onload"}
    assert not any(name.startswith("on") or "=" in name or '"' in name for name in tags.names)
