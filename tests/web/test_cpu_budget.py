"""What one network may ask the application to compute: generous, bounded, and nothing to do with cached pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.page_cache import cpu_budget
from portal.page_cache.cpu_budget import (
    MOST_SAVED,
    RETRY_SECONDS,
    SECONDS_PER_REQUEST,
    SHARE,
    CpuBudget,
    OverBudget,
)
from portal.web.forms.rate_limits import network_of
from portal.web.state import portal_of
from tests.conftest import AppFactory

NETWORK = {"REMOTE_ADDR": "203.0.113.9"}
OTHER = {"REMOTE_ADDR": "198.51.100.7"}


class Clocks:
    """Time that passes and time that is computed, both by hand."""

    def __init__(self) -> None:
        self.now = self.used = 0.0

    def budget(self, hops: int = 0) -> CpuBudget:
        return CpuBudget(hops=hops, network_of=network_of, now=lambda: self.now, used=lambda: self.used)

    def spend(self, budget: CpuBudget, environ: dict[str, str], seconds: float) -> None:
        with budget.charged(environ):
            self.used += seconds


def test_a_network_uses_what_it_saved_and_then_its_share() -> None:
    clocks = Clocks()
    budget = clocks.budget()
    clocks.spend(budget, NETWORK, MOST_SAVED)
    with pytest.raises(OverBudget):
        clocks.spend(budget, NETWORK, 0.01)
    clocks.spend(budget, OTHER, 0.01)
    clocks.now += RETRY_SECONDS
    clocks.spend(budget, NETWORK, SHARE * RETRY_SECONDS)
    with pytest.raises(OverBudget):
        clocks.spend(budget, NETWORK, 0.01)


def test_in_the_long_run_a_machine_gets_its_share_and_no_more() -> None:
    clocks = Clocks()
    budget = clocks.budget()
    for _ in range(60 * 200):
        clocks.now += 1 / 200
        try:
            clocks.spend(budget, NETWORK, 0.05)
        except OverBudget:
            continue
    assert clocks.used == pytest.approx(MOST_SAVED + 60 * SHARE, abs=0.1)


def test_a_campus_behind_one_address_reads_on() -> None:
    # 300 people, each opening a page every ten seconds, of which one in ten is not in the cache and takes 25 ms.
    clocks = Clocks()
    budget = clocks.budget()
    for _ in range(600):
        clocks.now += 1
        for _ in range(3):
            clocks.spend(budget, NETWORK, 0.025)
    assert clocks.used == pytest.approx(600 * 3 * 0.025)


def test_the_emptier_the_account_the_fewer_at_once() -> None:
    clocks = Clocks()
    budget = clocks.budget()
    with ExitStack() as running:
        for _ in range(1 + int(MOST_SAVED / SECONDS_PER_REQUEST)):
            running.enter_context(budget.charged(NETWORK))
        with pytest.raises(OverBudget):
            running.enter_context(budget.charged(NETWORK))
        running.enter_context(budget.charged(OTHER))


def test_an_error_is_charged_as_well() -> None:
    clocks = Clocks()
    budget = clocks.budget()
    with pytest.raises(ZeroDivisionError), budget.charged(NETWORK):
        clocks.used += MOST_SAVED
        raise ZeroDivisionError
    with pytest.raises(OverBudget):
        clocks.spend(budget, NETWORK, 0.01)


def test_an_ipv6_network_is_its_64_and_loopback_is_not_counted() -> None:
    clocks = Clocks()
    budget = clocks.budget()
    clocks.spend(budget, {"REMOTE_ADDR": "2001:db8::1"}, MOST_SAVED)
    with pytest.raises(OverBudget):
        clocks.spend(budget, {"REMOTE_ADDR": "2001:db8::ffff:1"}, 0.01)
    for _ in range(2):
        clocks.spend(budget, {"REMOTE_ADDR": "127.0.0.1"}, MOST_SAVED)


def test_the_address_is_the_one_that_our_proxies_tell() -> None:
    clocks = Clocks()
    budget = clocks.budget(hops=1)
    forged = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1, 203.0.113.9"}
    clocks.spend(budget, forged, MOST_SAVED)
    with pytest.raises(OverBudget):
        clocks.spend(budget, {**forged, "HTTP_X_FORWARDED_FOR": "192.0.2.2, 203.0.113.9"}, 0.01)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu_budget, "MOST_NETWORKS", 100)
    clocks = Clocks()
    budget = clocks.budget()
    for number in range(1000):
        clocks.spend(budget, {"REMOTE_ADDR": f"203.0.{number // 250}.{number % 250}"}, 0.01)
    assert len(budget) == 100


@pytest.fixture
def spent(make_app: AppFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site whose networks have nothing left, and one page in its cache."""
    app = make_app()
    assert app.test_client().get("/id/faq/kartu-hilang").status_code == 200
    monkeypatch.setattr(cpu_budget, "MOST_SAVED", 0.0)
    yield app


@pytest.mark.parametrize(
    ("path", "headers", "words"),
    [
        ("/id/search?q=paspor", {}, "permintaan"),
        ("/en/search?q=passport", {}, "Many requests"),
        ("/robots.txt", {"Accept-Language": "en"}, "Many requests"),
        ("/robots.txt", {"Accept-Language": "id"}, "permintaan"),
    ],
)
def test_the_answer_is_in_words_in_the_reader_s_language(
    spent: Flask, path: str, headers: dict[str, str], words: str
) -> None:
    for _ in range(2):
        answer = spent.test_client().get(path, headers=headers, environ_base=NETWORK)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(RETRY_SECONDS))
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert words in answer.get_data(as_text=True)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    posted = spent.test_client().post("/id/feedback/ask", environ_base=NETWORK)
    assert posted.status_code == 429


def test_cached_pages_are_for_everybody_and_a_refusal_is_not_kept(
    spent: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client: FlaskClient = spent.test_client()
    assert client.get("/id/faq/kartu-hilang", environ_base=NETWORK).status_code == 200
    assert client.get("/id/faq/", environ_base=NETWORK).status_code == 429
    monkeypatch.undo()
    cache = portal_of(spent).page_cache
    assert cache is not None
    renders = cache.renders
    assert client.get("/id/faq/", environ_base=OTHER).status_code == 200
    assert cache.renders == renders + 1
