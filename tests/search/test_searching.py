"""What a search finds, in whichever language and spelling it is asked."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from portal.search.engine.query.searcher import Searcher
from portal.search.engine.query.tiers import Tier
from tests.search.corpus import ENTRIES, NOW, entry, keys, searcher_of


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_of(tmp_path_factory.mktemp("index"))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("paspor hilang", "faq/lost"),
        ("lost passport", "faq/lost"),
        ("passport hilang", "faq/lost"),
        ("paspot ilang", "faq/lost"),
        ("kehilangan passport", "faq/lost"),
        ("stolen", "faq/lost"),
        ("tarif paspor", "faq/fee"),
        ("brp paspor", "faq/fee"),
        ("pasporr biaya", "faq/fee"),
        ("voa", "faq/voa"),
        ("arrival visa", "faq/voa"),
        ("overstay", "faq/overstay"),
        ("overstaay", "faq/overstay"),
        ("fotto", "faq/photo"),
    ],
)
def test_the_answer_comes_first(searcher: Searcher, text: str, first: str) -> None:
    assert keys(searcher, text)[0] == first


def test_the_page_about_just_that_comes_before_one_that_also_mentions_it(tmp_path: Path) -> None:
    # The page of the refund names the fee as well; who asks for the fee wants the page that is about it alone.
    refund = entry("refund", "Kapan biaya paspor dikembalikan bila batal?", "When is the passport fee refunded?")
    assert keys(searcher_of(tmp_path, (refund, *ENTRIES)), "passport fee")[:2] == ["faq/fee", "faq/refund"]


@pytest.mark.parametrize("text", ["", "   ", "yang di dan", "🙂", "* ( ) [", "\0"])
def test_a_query_without_content_finds_nothing(searcher: Searcher, text: str) -> None:
    result = searcher.find(text, now=NOW)
    assert (result.documents, result.tier) == ((), Tier.NOTHING)


def test_what_is_on_another_subject_is_not_called_an_answer(searcher: Searcher) -> None:
    for text in ("harga beras hari ini", "cara membuat rendang", "electricity bill", "asdfgh qwerty"):
        assert searcher.find(text, now=NOW).tier is not Tier.ANSWERS


def test_the_business_of_others_is_not_called_answered(searcher: Searcher, tmp_path: Path) -> None:
    assert searcher.find("paspor hilang", now=NOW).tier is Tier.ANSWERS
    result = searcher.find("paspor kucing hilang", now=NOW)
    assert (result.plan.out_of_scope, result.tier) == (True, Tier.RELATED)
    assert not searcher.find("kucing paspor hilang", now=NOW).plan.out_of_scope
    # A page that is about just that does answer it.
    about = entry("cat", "Paspor kucing", "Cat passport")
    own = searcher_of(tmp_path, (about, *ENTRIES)).find("paspor kucing", now=NOW)
    assert (own.plan.out_of_scope, own.tier) == (True, Tier.ANSWERS)


def test_a_question_on_the_subject_is_never_turned_away(searcher: Searcher) -> None:
    result = searcher.find("paspor zzzz yyyy xxxx wwww vvvv uuuu", now=NOW)
    assert result.confidence < -4.6
    assert result.tier is Tier.RELATED


def test_corrections_are_told_and_can_be_refused(searcher: Searcher) -> None:
    result = searcher.find("paspot ilang", now=NOW)
    assert result.is_corrected
    assert result.plan.searched == "paspor hilang"
    assert not searcher.find("passport hilang", now=NOW).is_corrected
    exact = searcher.find("fotto", now=NOW, exact=True)
    assert (exact.documents, exact.is_corrected) == ((), False)


@pytest.mark.parametrize("real", ["nigeria", "belanda", "dicopet", "hospital", "jakarta"])
def test_a_real_word_is_never_corrected(searcher: Searcher, real: str) -> None:
    assert real not in dict(searcher.find(real, now=NOW).plan.corrected)


@pytest.mark.parametrize("text", ["paspr350", "e33x", "1234567", "350.001"])
def test_digits_are_never_corrected(searcher: Searcher, text: str) -> None:
    assert not searcher.find(text, now=NOW).is_corrected


def test_pins_come_first(tmp_path: Path) -> None:
    pinned = msgspec.structs.replace(ENTRIES[3], pins=("biaya paspor",))
    searcher = searcher_of(tmp_path, (*ENTRIES[:3], pinned, ENTRIES[4]))
    assert keys(searcher, "passport fee")[0] == "faq/photo"
    assert keys(searcher, "lost passport")[0] == "faq/lost"


def test_what_has_passed_ranks_below_what_holds(tmp_path: Path) -> None:
    old = entry("old", "Biaya paspor", "Passport fee", keywords=ENTRIES[1].keywords, fades_at=NOW - 1)
    searcher = searcher_of(tmp_path, (old, *ENTRIES))
    assert keys(searcher, "biaya paspor")[:2] == ["faq/fee", "faq/old"]
    assert keys(searcher, "biaya paspor", now=NOW - 2)[0] == "faq/old"


def test_tags_narrow_and_count(tmp_path: Path) -> None:
    entries = [msgspec.structs.replace(one, topics=("t",) if one.slug == "fee" else ("u",)) for one in ENTRIES]
    searcher = searcher_of(tmp_path, entries)
    result = searcher.find("paspor", now=NOW)
    assert result.counts["topic:t"] == 1
    assert result.counts["kind:faq"] == len(result.documents) == 2
    assert keys(searcher, "paspor", tags=("topic:t",)) == ["faq/fee"]
    assert keys(searcher, "paspor", tags=("topic:none",)) == []


def test_suggestions_read_the_last_word_as_a_beginning(searcher: Searcher) -> None:
    suggest = searcher.suggest("paspor hil", now=NOW, most=3)
    assert searcher.entries(suggest)[0].slug == "lost"
    assert len(searcher.suggest("pas", now=NOW, most=1)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "x" * 10_000,
        "paspor " * 1_000,
        "title:x AND (y OR z)*",
        "' OR 1=1 --",
        "\u202eروپسا",
        "\0\0paspor",
        "[1 TO 9]",
    ],
)
def test_no_text_breaks_a_search(searcher: Searcher, text: str) -> None:
    known = {one.key for one in ENTRIES}
    assert {one.key for one in searcher.entries(searcher.find(text, now=NOW).documents)} <= known
    assert {one.key for one in searcher.entries(searcher.suggest(text, now=NOW, most=5))} <= known
