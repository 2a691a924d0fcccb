"""A site with a library, a member of staff who may publish, and files to upload."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.accounts.signing import signed_in
from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.feedback.folder_staff_services import FolderStaffServices

DESK = "/id/staff/media"
WORDS = {"words-id": "Loket pelayanan di pagi hari", "words-en": "Service counter in the morning", "credit": "Humas"}


class Library:
    """The library of one site and whoever looks after it."""

    def __init__(self, app: Flask, content: Path, *, client: FlaskClient | None = None) -> None:
        self.app, self.content = app, content
        # Without a client of its own the library publishes straight into the folder.
        self.desk = FolderStaffServices(app, content, connected=client is None)
        self.client = client or signed_in(app, ["reviewer"])
        self.second = signed_in(app, ["reviewer"], email="kedua@example.org")
        self.reader = app.test_client()

    def upload(self, data: bytes, name: str = "foto.jpg", *, to: str = "new", **typed: str) -> TestResponse:
        """Send the form with a file."""
        upload = FileStorage(BytesIO(data), filename=name, content_type="image/jpeg")
        # Encoded here: the client's own encoder leaves large bodies in files that nobody closes.
        boundary, body = encode_multipart({**WORDS, **typed, "file": upload})
        form = f'multipart/form-data; boundary="{boundary}"'
        return self.client.post(f"{DESK}/{to}", data=body, content_type=form)

    def add(self, data: bytes, name: str = "foto.jpg", *, to: str = "new", **typed: str) -> TestResponse:
        """Send the form with a file and let a second person approve it; gives the answer to the approval."""
        return self.approve(self.upload(data, name, to=to, **typed))

    def approve(self, answer: TestResponse) -> TestResponse:
        """Let a second person approve the proposal to which an answer leads."""
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.second.post(f"{answer.headers['Location']}/approve")

    def files(self) -> list[str]:
        """Every file below media/."""
        root = self.content / "media"
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@pytest.fixture
def library(make_app: AppFactory, tmp_path: Path) -> Library:
    content = shutil.copytree(SAMPLE_CONTENT, tmp_path / "content")
    return Library(make_app(content=content), content)


@pytest.fixture(scope="module")
def shared_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """One library for many uploads; each test leaves it empty."""
    folder = tmp_path_factory.mktemp("library")
    content = shutil.copytree(SAMPLE_CONTENT, folder / "content")
    return Library(AppFactory(folder)(content=content), content)


def picture(
    width: int = 1200, height: int = 800, *, format_: str = "JPEG", mode: str = "RGB", **options: object
) -> bytes:
    """A picture with a slope of colours."""
    slope = Image.linear_gradient("L").resize((width, height))
    made = Image.merge("RGB", (slope, slope.transpose(Image.Transpose.FLIP_LEFT_RIGHT), slope))
    if mode == "RGBA":
        made.putalpha(slope)
    target = BytesIO()
    made.convert(mode).save(target, format_, **options)
    return target.getvalue()
