"""Files of staff: only kinds that cannot run, with headers that keep browsers from guessing."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppFactory
from tests.content.tree import write

FILES: dict[str, str | bytes | None] = {
    "media/forms/form.pdf": b"%PDF-1.7 sample",
    "media/table.csv": b"a,b\n",
    "media/page.html": b"<script>alert(1)</script>",
    "media/picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "media/photo.JPG": b"\xff\xd8\xff",
}


@pytest.fixture
def client(make_app: AppFactory, tmp_path: Path) -> FlaskClient:
    return make_app(content=write(tmp_path / "content", FILES)).test_client()


def test_a_document_is_saved_under_its_name(client: FlaskClient) -> None:
    answer = client.get("/media/forms/form.pdf")
    assert answer.data == b"%PDF-1.7 sample"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=form.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    photo = client.get("/media/photo.JPG")
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.headers["Content-Disposition"] == "inline; filename=photo.JPG"


def test_a_table_is_saved(client: FlaskClient) -> None:
    assert client.get("/media/table.csv").headers["Content-Disposition"].startswith("attachment")


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/media/table.csv").headers["ETag"]
    again = client.get("/media/table.csv", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["page.html", "picture.svg", "none.pdf", "../site.yaml", "..%2fsite.yaml", "forms", "%2e%2e/site.yaml", "a%00.pdf"],
)
def test_anything_else_is_not_here(client: FlaskClient, path: str) -> None:
    assert client.get(f"/media/{path}").status_code in (301, 308, 404)
    assert b"stage" not in client.get(f"/media/{path}", follow_redirects=True).data[:20]
