from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.content.catalogue import Catalogue
from portal.content.loading.reader import Reader
from portal.content.reference import REFERENCES
from portal.content.sources.source import FolderSource
from portal.permits.countries import Countries
from portal.permits.finder.loading import FINDER_REFERENCES, table_of
from portal.permits.finder.table import DecisionTable
from portal.permits.permit import PERMIT
from portal.permits.shared_words import SHARED_REFERENCES
from portal.settings import PROJECT
from tests.conftest import AppFactory

CONTENT = PROJECT / "content"
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    """The shipped content as far as permits need it."""
    return Reader((PERMIT,), (*REFERENCES, *FINDER_REFERENCES, *SHARED_REFERENCES)).read(FolderSource(CONTENT))


@pytest.fixture(scope="session")
def table(shipped: Catalogue) -> DecisionTable:
    return table_of(shipped)


@pytest.fixture(scope="session")
def countries(shipped: Catalogue) -> Countries:
    return Countries(("id", "en"), shipped.reference("countries"))


@pytest.fixture(scope="session")
def permits_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole application on the shipped content, standing at noon of 24 November 2026 in Kupang."""
    return AppFactory(Path(tmp_path_factory.mktemp("permits")))(content=CONTENT, clock=NOON)


@pytest.fixture
def page(permits_app: Flask) -> FlaskClient:
    return permits_app.test_client()


@pytest.fixture(scope="session")
def permits_url(permits_app: Flask) -> Iterator[str]:
    """The application behind a real server on loopback."""
    import threading

    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, permits_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
