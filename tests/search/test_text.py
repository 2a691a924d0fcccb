"""Words of texts: joined, split and numbered the same way for documents and queries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.engine.analysis.stems import stem
from portal.search.engine.analysis.text import fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e-Paspor, M-Paspor dan m paspor", ["epaspor", "mpaspor", "dan", "mpaspor"]),
        ("anak-anak anak2", ["anak", "anak"]),
        ("Rp350.000 350rb 350 ribu 1,5 juta", ["350000", "350000", "350000", "1", "5000000"]),
        ("10th 6 bulan enam bulan", ["10", "tahun", "6", "bulan", "6", "bulan"]),
        ("PP 45/2024", ["pp", "45/2024"]),
        ("Nomor 45 Tahun 2024", ["nomor", "45", "tahun", "2024", "45/2024"]),
        ("E33G dan B211A", ["e33g", "dan", "b211a"]),
        ("Mota’ain don't child's", ["motaain", "dont", "child"]),
        ("naïve Ⓒ café", ["naive", "c", "cafe"]),
        ("عربى 🙂 * ( ) [ TO ]", ["to"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=400))
def test_words_of_any_text_are_plain_and_stay_themselves(text: str) -> None:
    result = words(text)
    assert all(word and fold(word) == word and " " not in word for word in result)
    # What a document and a query share must not depend on how often a text was prepared.
    assert [word for word in result if words(word) != [word] and not word[0].isdigit()] == []


def test_a_limit_bounds_the_work() -> None:
    assert len(words("kata " * 100_000, limit=24)) <= 24


@pytest.mark.parametrize(
    ("family", "language"),
    [
        (["menolak", "ditolak", "penolakan"], "id"),
        (["perpanjang", "perpanjangan", "memperpanjang", "diperpanjang"], "id"),
        (["urus", "mengurus", "pengurusan", "ngurus"], "id"),
        (["lapor", "melaporkan", "pelaporan"], "id"),
        (["denda", "dendanya"], "id"),
        (["extend", "extended", "extending"], "en"),
    ],
)
def test_forms_of_one_word_share_a_stem(family: list[str], language: str) -> None:
    assert len({stem(word, language) for word in family}) == 1


@pytest.mark.parametrize("code", ["e33g", "b211a", "45/2024", "350000", "c1", "voa"])
def test_codes_and_numbers_have_no_stem(code: str) -> None:
    assert stem(code, "id") == stem(code, "en") == code


def test_words_that_only_look_alike_keep_apart() -> None:
    assert stem("meninggal", "id") != stem("tinggal", "id")
    assert stem("halaman", "id") != stem("halal", "id")
