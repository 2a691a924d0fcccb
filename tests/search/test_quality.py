"""The site's own content answers what staff and the labelled queries ask of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from portal.search.engine.query.searcher import Searcher
from portal.search.evaluation import evaluated, figures, read_queries
from tests.search.corpus import NOW

DATA = Path(__file__).parent / "data"


def test_the_queries_of_staff_find_their_pages(site: Flask) -> None:
    done = site.test_cli_runner().invoke(args=["evaluate-search"])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", ["tuning", "heldout"])
def test_what_the_site_answers_comes_first(searcher_of_site: Searcher, name: str) -> None:
    done = figures(evaluated(searcher_of_site, read_queries(DATA / f"{name}.jsonl"), now=NOW))
    assert done.success_1 >= 0.86
    assert done.ndcg_10 >= 0.9
    assert done.zero <= 0.01


def test_what_others_answer_is_not_called_answered(searcher_of_site: Searcher) -> None:
    queries = [query for name in ("tuning", "heldout") for query in read_queries(DATA / f"{name}.jsonl")]
    assert figures(evaluated(searcher_of_site, queries, now=NOW)).off_domain_answered <= 0.05


def test_every_page_that_staff_want_found_is_there(site: Flask, searcher_of_site: Searcher) -> None:
    """A test or a pin of a page that is gone would never be noticed by its query."""
    with site.app_context():
        content = site.extensions["portal"].live.current()
    pages = {key.partition("#")[0] for key in searcher_of_site.view.keys}
    assert {test.page for test in content.reference("search-tests").values()} <= pages
    assert {decision.page for decision in content.reference("best-answers").values()} <= pages
