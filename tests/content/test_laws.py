"""Rules as a basis: in force on the day for which they are cited; a replaced one has an end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.content.checks.laws import law_problems
from tests.content.tree import FILES, read, write

TODAY = date(2026, 1, 5)
LAWS = """
pp-1-2019: {number: PP 1/2019, title: {id: Tarif lama}, since: 2019-05-01, until: 2024-12-16}
pp-1-2020: {number: PP 1/2020, title: {id: Tarif}, since: 2019-05-01}
pp-2-2024: {number: PP 2/2024, title: {id: Tarif baru}, since: 2024-12-17, replaces: [pp-1-2019]}
"""
FACTS = FILES["faq/biaya/facts.yaml"]


def problems_in(tmp_path: Path, changes: dict[str, str]) -> list[str]:
    catalogue = read(write(tmp_path, {"reference/laws.yaml": LAWS, **changes}))
    return [str(problem) for problem in law_problems(catalogue, TODAY)]


def test_rules_in_force_are_no_problem(tmp_path: Path) -> None:
    assert problems_in(tmp_path, {"faq/biaya/facts.yaml": FACTS + "legal_basis: [pp-2-2024]\n"}) == []


def test_a_published_page_rests_on_no_repealed_rule(tmp_path: Path) -> None:
    changes = {"faq/biaya/facts.yaml": FACTS + "legal_basis: [pp-2-2024, pp-1-2019]\n"}
    assert problems_in(tmp_path, changes) == [
        "faq/biaya/facts.yaml: legal_basis: names PP 1/2019 as the basis on 2026-01-05, when it was not in force"
    ]


def test_news_rest_on_the_rules_of_their_day(tmp_path: Path) -> None:
    facts = "status: published\nform: story\npublished_on: {day}\ntopics: [paspor]\nlegal_basis: [pp-1-2019]\n"
    words = {"news/lama/id.md": "---\ntitle: Lama\n---\nIsi.\n"}
    assert problems_in(tmp_path, {**words, "news/lama/facts.yaml": facts.format(day="2020-02-03")}) == []
    assert len(problems_in(tmp_path, {**words, "news/lama/facts.yaml": facts.format(day="2025-02-03")})) == 1


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ("{value: 1, valid_to: 2024-12-16, legal_basis: [pp-1-2019]}", 0),
        ("{value: 1, valid_from: 2024-12-17, legal_basis: [pp-1-2019]}", 1),
        ("{value: 1, valid_to: 2024-12-16, legal_basis: [pp-2-2024]}", 1),
        ("{value: 1, valid_from: 2026-06-01, legal_basis: [pp-2-2024]}", 0),
    ],
)
def test_a_value_rests_on_a_rule_of_its_time(tmp_path: Path, value: str, problems: int) -> None:
    fees = f"buku: {{name: {{id: Buku}}, values: [{value}]}}\n"
    assert len(problems_in(tmp_path, {"reference/fees.yaml": fees})) == problems


def test_a_replaced_rule_has_an_end(tmp_path: Path) -> None:
    changes = {"reference/laws.yaml": LAWS.replace(", until: 2024-12-16", "")}
    (problem,) = problems_in(tmp_path, changes)
    assert "pp-1-2019: is replaced by 'pp-2-2024' from 2024-12-17 on, but has no `until`" in problem
