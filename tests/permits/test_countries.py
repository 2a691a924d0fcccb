"""Countries are found by the names that people write, in both languages, and never guessed between two."""

from __future__ import annotations

import csv
import io

import pytest
from babel import Locale
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.content.catalogue import Catalogue
from portal.permits.code_index import CodeIndex, normalized_code
from portal.permits.countries import Countries, folded, iso_codes, nationalities
from portal.permits.downloads import list_csv, list_data
from portal.permits.nationality import Membership, NationalityList, boundaries


def test_every_country_of_iso_3166_is_there() -> None:
    assert len(iso_codes()) == 249
    assert {"TL", "HK", "MO", "PS", "TW", "GB"} <= set(iso_codes())
    assert not {"EU", "XK", "UN"} & set(iso_codes())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Timor Leste", "TL"),
        ("Timor-Leste", "TL"),
        ("EAST TIMOR", "TL"),
        ("tl", "TL"),
        ("Jerman", "DE"),
        ("germany", "DE"),
        ("Turkey", "TR"),
        ("turkiye", "TR"),
        ("Türkiye", "TR"),
        ("Holland", "NL"),
        ("Inggris", "GB"),
        ("Pantai Gading", "CI"),
        ("Korea Utara", "KP"),
        ("  austral ia ", ""),
        ("Kazakh", "KZ"),
        ("Australian", "AU"),
        ("orang Jerman", "DE"),
        ("WNA Belanda", "NL"),
        ("warga negara Australia", "AU"),
        ("Filipina", "PH"),
        ("a citizen of nowhere", ""),
    ],
)
def test_a_name_finds_its_country(countries: Countries, typed: str, code: str) -> None:
    assert countries.match(typed).code == code


@pytest.mark.parametrize("typed", ["Korea", "korean", "orang Korea"])
def test_both_koreas_are_asked(countries: Countries, typed: str) -> None:
    match = countries.match(typed)
    assert (match.code, set(match.suggestions), match.is_shared) == ("", {"KP", "KR"}, True)
    assert countries.match("Korsel").code == "KR"
    assert countries.match("North Korean").code == "KP"


def test_territories_without_inhabitants_are_no_nationality(countries: Countries) -> None:
    codes = {code for code, _name in countries.sorted_by_name("en")}
    assert len(codes) == 243
    assert not {"AQ", "BV", "GS", "HM", "TF", "UM"} & codes
    assert countries.match("Antarctica").code == ""
    assert countries.match("AQ").code == ""


def test_an_ambiguous_or_misspelt_name_gives_suggestions(countries: Countries) -> None:
    assert set(countries.match("guine").suggestions) >= {"GN", "GW", "GQ"}
    assert countries.match("Germny").suggestions[0] == "DE"
    assert countries.match("xyzzy").suggestions == ()
    assert countries.match("").code == ""


@settings(max_examples=200, deadline=None)
@given(code=st.sampled_from(nationalities()), language=st.sampled_from(["id", "en"]))
def test_every_name_leads_back_to_its_country(countries: Countries, code: str, language: str) -> None:
    assert countries.match(countries.name(code, language)).code == code
    assert countries.match(Locale(language).territories[code]).code == code


@settings(max_examples=200, deadline=None)
@given(typed=st.text(max_size=120))
@example(typed="ℰ")
def test_nothing_that_is_typed_breaks_it(countries: Countries, typed: str) -> None:
    match = countries.match(typed)
    assert match.code in ("", *iso_codes())
    assert folded(folded(typed)) == folded(typed)


def test_lists_hold_the_counts_and_days_of_their_rules(shipped: Catalogue) -> None:
    lists = shipped.reference("nationality-lists")
    free, arrival, calling = (lists[name] for name in ("visa-free", "on-arrival", "calling"))
    assert [len(one.members) for one in (free, arrival, calling)] == [19, 97, 6]
    from datetime import date

    assert len(free.countries_on(date(2024, 8, 28))) == 0
    assert len(free.countries_on(date(2024, 8, 29))) == 13
    assert len(free.countries_on(date(2025, 7, 3))) == 15
    assert len(free.countries_on(date(2026, 7, 8))) == 16
    assert len(free.countries_on(date(2026, 7, 9))) == 19
    assert [change.country for change in free.changes()[:3]] == ["BY", "KZ", "MO"]
    assert boundaries(lists.values()) == {change.on for change in free.changes()}


def test_a_country_that_left_shows_in_history_and_downloads(countries: Countries) -> None:
    from datetime import date

    gone = Membership(valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31), legal_basis=("x-1",))
    nationality_list = NationalityList(name={"id": "n"}, summary={"id": "s"}, members={"TL": (gone,)})
    assert [(c.on, c.joins) for c in nationality_list.changes()] == [
        (date(2026, 1, 1), False),
        (date(2025, 1, 1), True),
    ]
    assert nationality_list.membership_on("TL", date(2026, 1, 1)) is None
    rows = list(csv.reader(io.StringIO(list_csv(nationality_list, countries, ("id", "en"), note="demo"))))
    assert rows[1] == ["TL", "Timor Leste", "Timor-Leste", "2025-01-01", "2025-12-31", "x-1"]
    assert rows[-1] == ["# demo"]
    assert list_data(nationality_list, countries, ("id",))["members"][0]["names"] == {"id": "Timor Leste"}


@pytest.mark.parametrize("written", ["e33g", "E33G", "E-33-G", "e33 g"])
def test_a_code_is_found_in_any_spelling(shipped: Catalogue, written: str) -> None:
    result = CodeIndex(shipped.all("permits")).find(written)
    assert result is not None
    assert result.slug == "e33g"


def test_an_old_code_knows_what_followed_it(shipped: Catalogue) -> None:
    book = CodeIndex(shipped.all("permits"))
    assert [one.slug for one in book.successors("b211a")] == ["c1", "c2"]
    assert "B211A" in book.old_codes()
    assert not {normalized_code(code) for code in book.old_codes()} & {
        normalized_code(one.facts.code) for one in shipped.all("permits")
    }


def test_permits_show_an_amount_only_where_a_fee_is_known(shipped: Catalogue) -> None:
    permits = shipped.all("permits")
    fees = shipped.reference("fees")
    assert len(permits) == 113
    assert all(id_ in fees for one in permits for id_ in one.facts.fees)
    assert shipped.get("permits", "c2").facts.fees == ()  # type: ignore[union-attr]
    for one in permits:
        assert one.words.keys() >= {"id", "en"}
        assert one.facts.legal_basis, one.key
        assert not one.is_outdated("en"), one.key
