"""The commands of the search, as an operator and an evaluation call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

KEYS = {"success@1", "success@3", "mrr@10", "ndcg@10", "zero", "off_domain_answered", "queries"}
DOCUMENTS = [
    {"id": "lost", "q_id": "Apa yang dilakukan jika paspor hilang?", "a_id": "Lapor polisi.", "q_en": "Lost passport?",
     "a_en": "Go to the police.", "keywords": ["kehilangan"], "category": "paspor"},
    {"id": "fee", "q_id": "Berapa biaya paspor?", "a_id": "Bayar di bank.", "q_en": "How much is a passport?",
     "a_en": "Pay at a bank.", "keywords": [], "category": "paspor"},
]  # fmt: skip
QUERIES = [
    {"qid": "1", "type": "en", "lang": "en", "query": "lost passport", "relevant": {"lost": 3}},
    {"qid": "2", "type": "typo", "lang": "id", "query": "biaya pasporr", "relevant": {"fee": 3}},
    {"qid": "3", "type": "none", "lang": "id", "query": "harga beras", "relevant": {}},
]


def write_lines(path: Path, rows: list[dict[str, object]]) -> str:
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return str(path)


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(arguments))
    return done.exit_code, done.output


def test_evaluate_on_documents(app: Flask, tmp_path: Path) -> None:
    documents = write_lines(tmp_path / "docs.jsonl", DOCUMENTS)
    queries = write_lines(tmp_path / "queries.jsonl", QUERIES)
    code, output = run(app, "evaluate-search", "--documents", documents, "--queries", queries, "--json")
    report = json.loads(output)
    assert code == 0
    assert set(report["overall"]) == KEYS
    assert set(report["by_type"]) == {"en", "typo", "none"}
    overall = report["overall"]
    assert (overall["success@1"], overall["ndcg@10"], overall["zero"]) == (1.0, 1.0, 0.0)
    assert (overall["off_domain_answered"], overall["queries"]) == (0.0, 3)


def test_ablations_switch_a_part_off(app: Flask, tmp_path: Path) -> None:
    documents = write_lines(tmp_path / "docs.jsonl", DOCUMENTS)
    queries = write_lines(tmp_path / "queries.jsonl", QUERIES[1:2])
    common = ("evaluate-search", "--documents", documents, "--queries", queries, "--json")
    without = json.loads(run(app, *common, "--without", "spelling")[1])["overall"]
    assert json.loads(run(app, *common)[1])["overall"]["mrr@10"] >= without["mrr@10"]


@pytest.mark.parametrize(("line", "said"), [("{", "line 1"), ('{"q": 1}', "query")])
def test_a_bad_file_is_named_with_its_line(app: Flask, tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(line)
    code, output = run(app, "evaluate-search", "--queries", str(path))
    assert code == 1
    assert str(path) in output
    assert said in output


def test_search_explains_itself(app: Flask) -> None:
    code, output = run(app, "search", "kartu hilang", "--explain")
    assert code == 0
    for part in ("words:", "covered:", "title asks:", "title says:", "prior:", "unit kartu"):
        assert part in output
    data = json.loads(run(app, "search", "kartu hilang", "--lang", "en", "--json")[1])
    assert data["results"][0]["key"] == "faq/kartu-hilang"
    assert data["tier"] == "answers"


def test_reindex_publishes_a_new_generation(app: Flask) -> None:
    first = json.loads(run(app, "reindex", "--json")[1])
    second = json.loads(run(app, "reindex", "--json")[1])
    assert second["generation"] > first["generation"]
    assert second["entries"] == first["entries"] > 0


def test_the_tests_of_staff_fail_the_command(app: Flask) -> None:
    code, _output = run(app, "evaluate-search")
    assert code == 0
