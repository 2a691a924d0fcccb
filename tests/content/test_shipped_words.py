"""The shipped words: plain sentences instead of hedges, and samples that say so first."""

from __future__ import annotations

import re

import pytest

from portal.settings import PROJECT

CONTENT = PROJECT / "content"
MOST = 5
HEDGES = (
    "keterangan yang kami temukan",
    "belum kami ketahui",
    "kami belum tahu",
    "from what we found",
    "the basis is",
    "rests on",
    "we do not know",
)
FIRST_WORDS = {"id": "Contoh rekaan, ", "en": "An invented sample, "}


@pytest.mark.parametrize("hedge", HEDGES)
def test_how_sure_a_page_is_stands_in_its_notice_and_not_in_each_sentence(hedge: str) -> None:
    texts = [path.read_text(encoding="utf-8").lower() for path in CONTENT.rglob("*.md")]
    assert len(texts) > 500
    assert sum(text.count(hedge) for text in texts) <= MOST


def test_the_first_sentence_of_a_sample_says_that_it_is_invented() -> None:
    samples = [path.parent for path in CONTENT.glob("*/*/facts.yaml") if "\nsample: true\n" in path.read_text()]
    assert len(samples) >= 6
    for folder in samples:
        for language, words in FIRST_WORDS.items():
            text = (folder / f"{language}.md").read_text(encoding="utf-8")
            summary = re.search(r"^summary: (.*)$", text, re.MULTILINE)
            assert summary and summary[1].startswith(words), folder
