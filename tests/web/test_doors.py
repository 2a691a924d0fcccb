"""Doors: where readers leave for an official service stands a button, and its name in a sentence is a link."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.reading import links_of, main_of

STORES = ["https://toko.example/kartu", "https://lapak.example/kartu"]


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """The sample content with a guide and a question that lead to the services."""
    content = tmp_path / "content"
    shutil.copytree(SAMPLE_CONTENT, content)
    for key in ("guidance/kartu-baru", "faq/kartu-hilang"):
        facts = content / key / "facts.yaml"
        facts.write_text(facts.read_text(encoding="utf-8") + "doors: [aplikasi, situs, telepon]\n", encoding="utf-8")
    text = content / "guidance/kartu-baru/en.md"
    text.write_text(
        text.read_text(encoding="utf-8") + "\n## Register {#daftar}\n\nOpen M-Kartu, or kartu.contoh.go.id today.\n",
        encoding="utf-8",
    )
    return AppFactory(tmp_path)(content=content).test_client()


def test_a_question_ends_at_the_doors_whose_address_is_known(client: FlaskClient) -> None:
    page = client.get("/en/faq/kartu-hilang")
    links = links_of(page)
    assert [link for link in links if link in STORES] == STORES
    assert "https://kantor.example" in links
    assert "/en/guidance/kartu-baru" in links
    text = main_of(page)
    assert "Register in Kartu (Android) iPhone" in text
    assert "Address looked up on 5 January 2026." in text
    assert "Office telephone" not in text


def test_a_part_has_the_door_that_it_names(client: FlaskClient) -> None:
    naming = client.get("/en/guidance/kartu-baru/daftar")
    assert STORES[0] in links_of(naming)
    assert "https://kartu.contoh.go.id" in links_of(naming)
    assert "Register in Kartu" in main_of(client.get("/en/guidance/kartu-baru"))
    assert "Register in Kartu" not in main_of(client.get("/en/guidance/kartu-baru/datang"))
