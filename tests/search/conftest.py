"""The site as it is shipped, once for all tests of the search that only read it."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.search.engine.query.searcher import Searcher
from portal.search.wiring import search_service
from portal.settings import PROJECT
from tests.conftest import AppFactory


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the content of this project."""
    return AppFactory(tmp_path_factory.mktemp("site"))(content=PROJECT / "content")


@pytest.fixture(scope="package")
def searcher_of_site(site: Flask) -> Searcher:
    """A searcher of the index that the application built of its content."""
    with site.app_context():
        return search_service().index.searcher()
