"""The site's own content answers what staff and the labelled queries ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.search.engine.searcher import Searcher
from portal.search.evaluation import evaluated, figures, read_queries
from portal.search.views.room import room
from portal.settings import PROJECT
from tests.conftest import AppFactory
from tests.search.corpus import NOW

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield AppFactory(tmp_path_factory.mktemp("site"))(content=PROJECT / "content")


@pytest.fixture(scope="module")
def searcher(site: Flask) -> Searcher:
    with site.app_context():
        return room().index.searcher()


def test_the_queries_of_staff_find_their_pages(site: Flask) -> None:
    done = site.test_cli_runner().invoke(args=["evaluate-search"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", ["tuning", "heldout"])
def test_what_the_site_answers_comes_first(searcher: Searcher, name: str) -> None:
    known = {*searcher.view.keys, *searcher.view.slugs}
    queries = [
        query for query in read_queries(DATA / f"{name}.jsonl") if not query.relevant or _best(query.relevant) & known
    ]
    done = figures(evaluated(searcher, queries, now=NOW))
    assert done.success_1 >= 0.8
    assert done.zero <= 0.02
    assert done.off_domain_answered <= 0.1


def _best(relevant: dict[str, int]) -> set[str]:
    return {name for name, grade in relevant.items() if grade == max(relevant.values())}
