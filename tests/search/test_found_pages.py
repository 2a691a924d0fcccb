"""What the index of the shipped site leads to: pages that exist, places by name, services by where they are."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.search.engine.query.searcher import Searcher
from tests.conftest import FULL
from tests.search.corpus import NOW, keys

# Of the kinds that other tests follow link by link, a few are enough in a short run.
OF_EACH_KIND = 2


def test_every_result_leads_to_a_page_with_its_anchor(site: Flask, searcher_of_site: Searcher) -> None:
    client = site.test_client()
    seen: dict[str, int] = {}
    for entry in searcher_of_site.view.entries(range(searcher_of_site.view.total)):
        seen[entry.kind] = seen.get(entry.kind, 0) + 1
        if not FULL and entry.kind != "places" and seen[entry.kind] > OF_EACH_KIND:
            continue
        for language in entry.title:
            path, _, anchor = f"/{language}/{entry.path}".partition("#")
            response = client.get(path)
            assert response.status_code == 200, path
            assert not anchor or f'id="{anchor}"' in response.text, entry.path
    assert set(seen) >= {"faq", "guidance", "permits", "schedules", "events", "news", "pages", "glossary", "places"}


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("PLBN Wini", "places/plbn-wini"),
        ("kantor imigrasi maumere", "places/kantor-maumere"),
        ("Labuan Bajo immigration office", "places/kantor-labuan-bajo"),
        ("jalan timor raya nomor 124", "places/mpp-kupang"),
    ],
)
def test_a_place_is_found_by_its_name_and_address(searcher_of_site: Searcher, query: str, place: str) -> None:
    assert place in keys(searcher_of_site, query, now=NOW)[:5]


def test_a_service_is_found_by_the_place_in_its_facts(searcher_of_site: Searcher) -> None:
    assert "schedules/perlintasan-wini" in keys(searcher_of_site, "PLBN Wini", now=NOW)[:5]
    assert "schedules/mpp-kota-kupang" in keys(searcher_of_site, "jalan timor raya nomor 124", now=NOW)[:5]
