"""Pages that are dangerous to be seen reading have a link that leaves them at once; a text names no channel twice."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.settings import PROJECT
from tests.conftest import AppFactory

DANGEROUS = (
    "faq/tanda-tppo",
    "faq/lapor-tppo",
    "faq/paspor-ditahan-majikan",
    "faq/pengaduan-layanan",
    "guidance/panduan-pengaduan",
    "guidance/panduan-kerja-aman",
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return AppFactory(Path(tmp_path_factory.mktemp("exit")))(content=PROJECT / "content").test_client()


def _text(client: FlaskClient, path: str) -> str:
    response = client.get(path, follow_redirects=True)
    assert response.status_code == 200, path
    return unescape(response.get_data(as_text=True))


@pytest.mark.parametrize("page", DANGEROUS)
def test_a_dangerous_page_can_be_left_at_once(shipped: FlaskClient, page: str) -> None:
    html = _text(shipped, f"/en/{page}")
    link = html[html.index('<aside class="exit') :].partition("</aside>")[0]
    assert html.index('class="exit') < html.index("<main")
    assert 'rel="nofollow noreferrer"' in link
    assert "Exit this page" in link
    assert "history remains" in link
    assert "Riwayat peramban tetap ada" in _text(shipped, f"/id/{page}")


def test_other_pages_have_no_such_link(shipped: FlaskClient) -> None:
    assert 'class="exit' not in _text(shipped, "/en/faq/paspor-gratis")
    assert 'class="exit' not in _text(shipped, "/en/")


def test_the_message_line_is_named_once(shipped: FlaskClient) -> None:
    assert "SMS SMS" not in _text(shipped, "/id/channels")
