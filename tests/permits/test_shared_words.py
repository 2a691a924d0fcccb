"""What permits share stands in one place, reaches every page in both languages, and contradicts none."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.permits.permit import PERMIT
from portal.permits.shared_words import LIMITS, PAPERS, ROUTES, shared_words_check
from tests.permits.conftest import CONTENT

MOST_PAGES = 20
CONTEXT = Context(date(2026, 11, 24), {"permits": PERMIT})


def _lines(language: str) -> Counter[str]:
    """On how many permit pages each line of the fields stands."""
    counts: Counter[str] = Counter()
    for path in (CONTENT / "permits").glob(f"*/{language}.md"):
        lines = path.read_text(encoding="utf-8").splitlines()
        counts.update({line.strip() for line in lines if line.startswith(("  - ", "guarantor:", "where:", "who:"))})
        counts.update({line.strip() for line in lines if line[:2].rstrip(".").isdigit()})
    return counts


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_line_stands_on_many_pages(language: str) -> None:
    assert [line for line, pages in _lines(language).items() if pages > MOST_PAGES] == []


def test_shared_words_exist_in_both_languages(shipped: Catalogue) -> None:
    texts: list[dict[str, str]] = []
    for route in shipped.reference(ROUTES.name).values():
        texts += [route.name, route.where, *(step.title for step in route.steps), *(step.text for step in route.steps)]
    texts += [record.name for name in (LIMITS, PAPERS) for record in shipped.reference(name.name).values()]
    assert texts
    for text in texts:
        assert set(text) == {"id", "en"}
        assert _digits(text["id"]) == _digits(text["en"]), text


def _digits(text: str) -> list[str]:
    return sorted("".join(char if char.isdigit() else " " for char in text).split())


def _with_facts(catalogue: Catalogue, slug: str, **changes: Any) -> list[str]:
    """The problems of the common parts once the facts of that permit are changed."""
    permit = catalogue.get("permits", slug)
    assert permit is not None
    changed = msgspec.structs.replace(permit.facts, **changes)
    old = permit.facts
    object.__setattr__(permit, "facts", changed)
    try:
        return [problem.kind.code for problem in shared_words_check(catalogue, CONTEXT)]
    finally:
        object.__setattr__(permit, "facts", old)


def test_the_shipped_permits_are_in_order(shipped: Catalogue) -> None:
    assert list(shared_words_check(shipped, CONTEXT)) == []


@pytest.mark.parametrize("key", ["limits", "papers"])
def test_an_unknown_id_is_a_problem(shipped: Catalogue, key: str) -> None:
    assert _with_facts(shipped, "c1", **{key: ("nothing",)}) == ["unknown-id"]


def test_an_unknown_route_is_a_problem(shipped: Catalogue) -> None:
    assert _with_facts(shipped, "c1", route="nothing") == ["unknown-id"]


@pytest.mark.parametrize("slug", ["c7c", "d7b", "c18", "c13"])
def test_a_permit_that_forbids_what_it_is_for_is_a_problem(shipped: Catalogue, slug: str) -> None:
    assert _with_facts(shipped, slug, limits=("paid-work",)) == ["contradiction"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "/id/permits/c1",
            (
                "menjual barang atau jasa",
                "Paspor yang masih berlaku paling sedikit enam bulan",
                "Masuklah ke Indonesia paling lambat 90 hari sejak visa terbit.",
                "dengan akun Anda sendiri",
                "Tidak wajib",
            ),
        ),
        (
            "/en/permits/e23",
            (
                "A passport valid for at least six more months",
                "no later than 90 days after the visa is issued",
                "Save your electronic permit.",
                "in the guarantor’s account",
            ),
        ),
        ("/en/permits/a1", ("Fill in the All Indonesia declaration.", "At the immigration check on arrival")),
    ],
)
def test_pages_show_what_they_share(page: FlaskClient, address: str, words: tuple[str, ...]) -> None:
    text = page.get(address).get_data(as_text=True).replace("<wbr>", "")
    for word in words:
        assert word in text
    assert text.count('id="cara"') == 1


def test_an_answer_of_the_finder_shows_them_too(page: FlaskClient) -> None:
    answers = "nationality=DE&location=abroad&purpose=tourism&stay=45"
    text = page.get(f"/en/permits/finder?{answers}").get_data(as_text=True)
    assert "sell goods or services" in text
    assert "A passport valid for at least six more months" in text


def test_a_visit_is_not_told_to_save_a_stay_permit(page: FlaskClient) -> None:
    assert "Simpan izin elektronik" not in page.get("/id/permits/c1").get_data(as_text=True)
