"""Snippets mark whole words only, and everything else is escaped."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from portal.search.engine.index.entry import marker
from portal.search.engine.query.snippets import LENGTH, Highlighter

WORDS = st.lists(st.sampled_from(["paspor", "paspor hilang", "a1", "ab", "abab", "45/2024", "2024"]), max_size=5)
TEXTS = st.text(st.sampled_from('abAB1 45/2024_-.<&>"é\n²İpaspor'), max_size=60)


def by_pattern(words: list[str], text: str) -> str:
    """What a pattern of all words would mark: the plain way, too slow to be made for every query."""
    if not words:
        return html.escape(text)
    listed = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    parts = re.split(rf"(?<!\w)({listed})(?!\w)", text, flags=re.I)
    return "".join(
        f"<mark>{html.escape(part)}</mark>" if at % 2 else html.escape(part) for at, part in enumerate(parts)
    )


@given(words=WORDS, text=TEXTS.filter(lambda text: "İ" not in text))
def test_exactly_the_whole_words_are_marked(words: list[str], text: str) -> None:
    assert Highlighter(words).marked(text) == by_pattern(words, text)


@given(words=WORDS, text=TEXTS)
def test_nothing_but_marks_is_added(words: list[str], text: str) -> None:
    marked = str(Highlighter(words).marked(text))
    assert html.unescape(re.sub(r"</?mark>", "", marked)) == text


def test_markup_and_private_characters_of_a_text_are_no_markup() -> None:
    assert Highlighter(["bb"]).marked("<bb>\ue002x\ue003") == "&lt;<mark>bb</mark>&gt;x"


def test_a_passage_with_the_words_is_chosen_and_its_values_are_filled_in() -> None:
    text = "Kalimat pertama tentang hal lain. " * 12 + f"Biaya paspor {marker('fee', 'biasa')} per orang. Selesai."
    made = Highlighter(["paspor"]).snippet("Ringkasan.", text, fill=lambda kind, id_: f"[{kind} {id_}]")
    assert made.startswith("Biaya <mark>paspor</mark> [fee biasa] per orang.")
    assert len(made.striptags()) <= LENGTH + 2
