"""What people type becomes clean, or is refused by the name of its problem."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.csv_files import BYTE_ORDER_MARK, csv_file, guarded
from portal.events.registrations.attendee import InvalidValue, clean_count, clean_email, clean_phone, clean_text
from portal.events.registrations.codes import ALPHABET, fresh_code, normalised, spaced


@pytest.mark.parametrize(
    "typed",
    [
        "0812-3456-7890",
        "+62 812 3456 7890",
        "62812 3456 7890",
        "81234567890",
        "0812.3456.7890 (WA)",
        "WA: 081234567890",
        "0062 812 3456 7890",
        "\u202a+62 812\u20113456\u20117890\u202c",
    ],
)
def test_every_local_way_of_writing_a_mobile_number_is_one_number(typed: str) -> None:
    assert clean_phone(typed, region="ID") == "+6281234567890"


@pytest.mark.parametrize(("typed", "number"), [("(0380) 821234", "+62380821234"), ("+670 7712 3456", "+67077123456")])
def test_landlines_and_numbers_of_a_neighbour_are_read(typed: str, number: str) -> None:
    assert clean_phone(typed, region="ID") == number


@pytest.mark.parametrize("typed", ["", "12", "abc", "0" * 1000, "+62", "1234567890123456789"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="phone"):
        clean_phone(typed, region="ID")


@pytest.mark.parametrize("typed", ["", "ana", "ana@", "a b@example.org", "ana@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue, match="email"):
        clean_email(typed)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("", "missing"), ("dua", "number"), ("-1", "number"), ("1.5", "number"), ("0", "few"), ("6", "many")],
)
def test_head_counts_outside_the_limits_are_refused(typed: str, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        clean_count(typed, most=5)


@given(st.text(max_size=300))
def test_a_clean_text_is_one_visible_line_and_stays_as_it_is(typed: str) -> None:
    try:
        clean = clean_text(typed, length=100)
    except InvalidValue as invalid:
        clean = invalid.clean
    assert len(clean) <= 100 or "long" in clean
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in clean)
    assert clean == clean.strip()


def test_codes_are_long_unlike_and_read_in_any_spelling() -> None:
    codes = {fresh_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 10 and set(code) <= set(ALPHABET) for code in codes)
    for code in codes:
        assert normalised(f" {spaced(code).lower()} ") == code


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+62", "-1", "@x", "\t=1", " =1", "|x", "%x", ";=1", "＝1", "＋62", "－1", "＠x", "\u3000=1", "\u00a0＝1"],
)
def test_no_cell_is_run_by_a_spreadsheet(cell: str) -> None:
    assert str(guarded(cell)).startswith("'")
    assert csv_file(["Nama"], [[cell]]).decode().startswith(BYTE_ORDER_MARK)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("between", [";", "; ", "\n", "；", "\r\n\u3000"])
def test_no_part_of_a_cell_is_run_where_columns_are_parted_by_semicolons(between: str, sign: str) -> None:
    assert f"{between}{sign}" not in str(guarded(f"Budi{between}{sign}HYPERLINK()"))
    assert guarded(f"Budi{between}lain") == f"Budi{between}lain"
