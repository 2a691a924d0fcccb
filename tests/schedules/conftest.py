"""The sample content with a few services laid over it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import SAMPLE_CONTENT, AppFactory

OVERLAY = Path(__file__).parent / "content"
At = Callable[[str], FlaskClient]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of content that a test may change."""
    folder = tmp_path / "content"
    shutil.copytree(SAMPLE_CONTENT, folder)
    shutil.copytree(OVERLAY, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def at(make_app: AppFactory, content: Path) -> At:
    """A client of the site as it stands at an instant of the office's zone."""

    def client(text: str) -> FlaskClient:
        return make_app(content=content, clock=datetime.fromisoformat(f"{text}+08:00")).test_client()

    return client
