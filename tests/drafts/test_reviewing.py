"""What a review shows: fields by their names, paragraphs by number, words that went and came; nothing left out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content_forms.document_form import DocumentForm
from portal.drafts import diff, word_diff
from portal.drafts.diff import GONE, NEW
from portal.drafts.word_diff import ADDED, REMOVED, SAME, Piece
from portal.guidance.guide import GUIDE

FORM = DocumentForm(GUIDE, ("id", "en"), ZoneInfo("Asia/Makassar"))
FACTS = "status: published\ntopics: [paspor]\n"
ID = "---\ntitle: Paspor hilang\nkeywords: [hilang, lapor]\n---\nSatu dua tiga.\n\nEmpat lima enam.\n"


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in word_diff.words(before, after)]


def test_words_that_went_and_came_read_as_phrases() -> None:
    assert pieces("Paspor hilang dikenai denda per buku.", "Paspor hilang dikenai biaya beban per buku.") == [
        (SAME, "Paspor hilang dikenai "),
        (REMOVED, "denda "),
        (ADDED, "biaya beban "),
        (SAME, "per buku."),
    ]


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_word_of_either_text_is_left_out(before: str, after: str) -> None:
    words = word_diff.words(before, after)
    assert "".join(one.text for one in words if one.kind != ADDED).split() == before.split()
    assert "".join(one.text for one in words if one.kind != REMOVED).split() == after.split()


def test_long_texts_are_compared_with_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    ratio = diff._likeness

    def counted(one: str, other: str) -> float:
        compared.append(1)
        return ratio(one, other)

    monkeypatch.setattr(diff, "_likeness", counted)
    old, new = ("\n\n".join(f"Paragraf {number} {word} " * 4 for number in range(800)) for word in ("lama", "baru"))
    assert len(diff.paragraphs(old, new)) >= 800
    assert len(compared) <= 800 * (diff.NEAR + 1)
    huge = "kata yang sama, " * 60_000
    assert [one.kind for one in word_diff.words(huge, huge + "akhir")] == [REMOVED, ADDED]


def test_each_paragraph_is_told_by_its_number() -> None:
    paragraphs = diff.paragraphs(
        "Satu dua tiga.\n\nEmpat lima.\n\nLepas.", "Baru sama sekali.\n\nSatu dua tiga.\n\nEmpat enam."
    )
    assert [(one.number, one.state) for one in paragraphs] == [(1, NEW), (3, "changed"), (3, GONE)]
    assert paragraphs[0].pieces == (Piece(ADDED, "Baru sama sekali."),)


def test_fields_are_told_by_language_and_name() -> None:
    old = {"facts.yaml": FACTS, "id.md": ID}
    new = {
        "facts.yaml": FACTS.replace("[paspor]", "[paspor, anak]"),
        "id.md": ID.replace("Empat lima", "Empat tujuh").replace("[hilang, lapor]", "[lapor, polisi]"),
        "en.md": "---\ntitle: Lost\n---\nOne.\n",
    }
    results = {one.name: one for one in diff.changes(FORM, old, new)}
    assert set(results) == {"id.keywords", "id.body", "en.title", "en.body", "facts.topics"}
    assert [one.pieces for one in results["id.keywords"].paragraphs] == [
        (Piece(REMOVED, "hilang"),),
        (Piece(ADDED, "polisi"),),
    ]
    assert [one.number for one in results["id.body"].paragraphs] == [2]
    assert (results["en.title"].language, results["en.title"].state) == ("en", NEW)
    assert (results["facts.topics"].language, results["facts.topics"].state) == ("", "changed")


def test_a_withdrawal_is_told_although_no_form_shows_it() -> None:
    gone = "status: withdrawn\nwithdrawn: {reason: {id: Sudah diganti}, successor: faq/x}\ntopics: [paspor]\n"
    changes = diff.changes(FORM, {"facts.yaml": FACTS, "id.md": ID}, {"facts.yaml": gone, "id.md": ID})
    assert [one.name for one in changes] == ["facts.status", "facts.withdrawn"]
    assert "Sudah diganti" in changes[1].paragraphs[0].pieces[0].text


def test_untouched_texts_differ_in_nothing() -> None:
    files = {"facts.yaml": FACTS, "id.md": ID}
    assert diff.changes(FORM, files, dict(files)) == []
