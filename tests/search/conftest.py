"""The site as it is shipped, once for all tests of the search that only read it."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.settings import PROJECT
from tests.conftest import AppFactory


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the content of this project."""
    return AppFactory(tmp_path_factory.mktemp("site"))(content=PROJECT / "content")
