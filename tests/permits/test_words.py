"""What permit pages say: plain sentences, lists that agree, and the figures of their sources."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from portal.content.catalogue import Catalogue
from portal.content.document import ContentRule, Document
from portal.permits.permit import PERMIT, PermitWords
from tests.permits.conftest import CONTENT

HEDGES = re.compile(
    r"keterangan yang kami temukan|belum kami (?:ketahui|temukan)"
    r"|from what we found|we have not found|the basis is|rests on",
    re.IGNORECASE,
)
NO_ENTRY_VISA = ("epo", "izin-masuk-kembali", "izin-peralihan", "lapor-perubahan", "overstay", "overstay-lebih-60-hari")


def _source(slug: str, language: str) -> str:
    return (CONTENT / "permits" / slug / f"{language}.md").read_text(encoding="utf-8")


def _permits(catalogue: Catalogue) -> list[Document]:
    return [document for document in catalogue.all("permits") if document.facts.status == "published"]


def test_sentences_carry_no_hedges(shipped: Catalogue) -> None:
    """How sure a page is stands in its notice and its list of open points."""
    hedged = [
        f"{permit.slug}/{language}: {hedge.group()}"
        for permit in _permits(shipped)
        for language in permit.words
        if (hedge := HEDGES.search(_source(permit.slug, language)))
    ]
    assert hedged == []


def test_nobody_may_and_may_not_do_the_same(shipped: Catalogue) -> None:
    for permit in _permits(shipped):
        for language, words in permit.words.items():
            assert isinstance(words, PermitWords)
            assert not set(words.may) & set(words.may_not), (permit.slug, language)


def test_both_languages_have_as_many_lines(shipped: Catalogue) -> None:
    for permit in _permits(shipped):
        for first, second in pairwise(permit.words.values()):
            for field in ("may", "may_not", "documents", "unconfirmed"):
                assert len(getattr(first, field)) == len(getattr(second, field)), (permit.slug, field)


@pytest.mark.parametrize("slug", NO_ENTRY_VISA)
def test_a_procedure_in_the_country_asks_nobody_to_enter(slug: str) -> None:
    for language in ("id", "en"):
        assert not re.search(r"90 (?:hari|days)", _source(slug, language))


@pytest.mark.parametrize(
    ("slug", "indonesian", "english"),
    [
        ("epo", "sekitar tiga hari kerja", "about three working days"),
        (
            "alih-status-itas",
            "lalu Direktorat Jenderal memutus paling lama lima hari kerja",
            "within five working days",
        ),
        ("alih-status-itas", "ITAS dan izin masuk kembali", "the ITAS and the re-entry permit"),
        ("c18", "masih menulis 60 hari", "still shows 60 days"),
        ("overstay", "sejak 1 Mei 2019", "since 1 May 2019"),
        ("overstay-lebih-60-hari", "dalam lima hari kerja", "within five working days"),
        ("e27", "paling lambat 30 hari", "at least 30 days"),
        ("perpanjangan-voa", "kantor pilihan Anda", "the office you chose"),
        ("izin-masuk-kembali", "Jangan mengajukan tersendiri", "Do not apply separately"),
        ("e23", "tetap dipakai", "stay in use"),
    ],
)
def test_a_page_tells_what_its_sources_say(slug: str, indonesian: str, english: str) -> None:
    assert indonesian in _source(slug, "id")
    assert english in _source(slug, "en")


@pytest.mark.parametrize("slug", ["perpanjangan-itas", "perpanjangan-itap", "alih-status-itap"])
def test_extensions_without_a_source_for_it_promise_no_day(slug: str) -> None:
    assert "tiga hari kerja" not in _source(slug, "id")
    assert "three working days" not in _source(slug, "en")


@pytest.mark.parametrize("slug", ["alih-status-itas", "c12", "c22a", "c7c", "c9a", "c18", "d7b"])
def test_documents_without_a_source_are_not_listed(shipped: Catalogue, slug: str) -> None:
    permit = shipped.get("permits", slug)
    assert permit is not None
    says_so = "office-list" in permit.facts.papers
    assert all(not words.documents and (says_so or words.unconfirmed) for words in permit.words.values())


@pytest.mark.parametrize("slug", ["c7", "c8", "c13", "c19", "d14", "a36", "b4"])
def test_permits_name_no_paper_that_their_facts_do_not(shipped: Catalogue, slug: str) -> None:
    permit = shipped.get("permits", slug)
    assert permit is not None
    assert not any(words.documents for words in permit.words.values())


@pytest.mark.parametrize("slug", ["c15", "c16", "c19", "c20"])
def test_visas_for_work_on_machines_and_training_do_not_forbid_pay_in_general(shipped: Catalogue, slug: str) -> None:
    permit = shipped.get("permits", slug)
    assert permit is not None
    assert "paid-work" not in permit.facts.limits


def test_the_amounts_of_extensions_are_named(shipped: Catalogue) -> None:
    fees = {slug: shipped.get("permits", slug) for slug in ("perpanjangan-itk", "perpanjangan-itas")}
    assert all(permit is not None and permit.facts.fees for permit in fees.values())


def test_figures_of_permits_are_laid_beside_the_statements_of_their_facts() -> None:
    assert ContentRule.FOUNDED_NUMBERS in PERMIT.rules
