"""Whatever names a person is gone before anything is stored; what questions are about stays."""

from __future__ import annotations

import re
import string

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from portal.feedback.redaction import REDACTED, phone_of, redacted

WORDS = st.text(alphabet=string.ascii_lowercase + "  ,.?!\n", max_size=40)
SEPARATORS = st.sampled_from(["", " ", "-", ".", " - ", "/", "\u00a0", "\u200b", "–", " . "])
REGIONS = ("ID", "TL", "AU", "MY", "SG", "US", "GB", "DE", "NL", "CN", "JP", "IN")
EXAMPLES = [
    phonenumbers.example_number_for_type(region, kind)
    for region in REGIONS
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
]
NUMBERS = st.sampled_from([number for number in EXAMPLES if number and len(str(number.national_number)) >= 8])
FORMATS = st.sampled_from([PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966])


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


@given(before=WORDS, after=WORDS, number=NUMBERS, format_=FORMATS)
def test_no_telephone_number_survives(before: str, after: str, number: phonenumbers.PhoneNumber, format_: int) -> None:
    written = phonenumbers.format_number(number, format_)
    left = redacted(f"{before} {written} {after}", region="ID")
    assert digits(left) == ""
    assert REDACTED in left


@given(before=WORDS, after=WORDS, tail=st.integers(10_000_000, 9_999_999_999), between=SEPARATORS)
def test_no_local_number_survives_however_it_is_set_apart(before: str, after: str, tail: int, between: str) -> None:
    written = between.join("08" + str(tail))
    assert len(digits(redacted(f"{before} {written} {after}", region="ID"))) <= 4


@given(before=WORDS, after=WORDS, number=st.from_regex(r"[1-9]\d{15}", fullmatch=True), between=SEPARATORS)
def test_no_identity_number_survives(before: str, after: str, number: str, between: str) -> None:
    groups = between.join(number[start : start + 4] for start in range(0, 16, 4))
    assert number not in digits(redacted(f"{before} {groups} {after}", region="ID"))
    assert len(digits(redacted(f"{before} {groups} {after}", region="ID"))) <= 4


@given(
    before=WORDS,
    after=WORDS,
    number=st.from_regex(r"[A-Za-z]{1,2}\d{6,8}", fullmatch=True),
    between=st.sampled_from(["", " ", "-"]),
)
def test_no_passport_number_survives(before: str, after: str, number: str, between: str) -> None:
    messages = re.match(r"[A-Za-z]+", number)
    assert messages is not None
    if messages[0].lower() == "rp":
        return
    left = redacted(f"{before} {messages[0]}{between}{number[messages.end() :]} {after}", region="ID")
    assert len(digits(left)) <= 2


@given(
    before=WORDS,
    after=WORDS,
    name=st.from_regex(r"[a-z][a-z0-9._+-]{0,12}[a-z0-9]", fullmatch=True),
    host=st.from_regex(r"[a-z]{2,8}\.(com|co\.id|go\.id|tl)", fullmatch=True),
    at=st.sampled_from(["@", " @ ", "(at)", " [at] ", "＠"]),
)
def test_no_address_survives(before: str, after: str, name: str, host: str, at: str) -> None:
    left = redacted(f"{before} {name}{at}{host} {after}", region="ID")
    assert "@" not in left
    assert host not in left


@given(text=st.text(max_size=200))
def test_twice_is_as_good_as_once(text: str) -> None:
    once = redacted(text, region="ID")
    assert redacted(once, region="ID") == once


@pytest.mark.parametrize(
    "text",
    [
        "Biaya Rp350.000 atau Rp 650.000, berlaku 24/11/2026?",
        "Apakah 2026-12-24 buka 08.00-12.00 dan 13:00-16:00?",
        "Visa E33G, C1 atau D12 menurut PP 45/2024?",
        "Anak 17 tahun, 2 paspor, 48 halaman, 60 hari.",
        "IDR 1,000,000 untuk 30 hari?",
        "Berlaku 24-11-2026 sampai 26-12-2026",
    ],
)
def test_what_questions_are_about_stays(text: str) -> None:
    assert redacted(text, region="ID") == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Nomor saya 0812-3456-7890, paspor C1234567 hilang", f"Nomor saya {REDACTED}, paspor {REDACTED} hilang"),
        ("KTP 5371 0123 4567 8901", f"KTP {REDACTED}"),
        ("tulis ke budi (at) gmail (dot) com ya", f"tulis ke {REDACTED} ya"),
        ("wa.me/6281234567890", f"wa.me/{REDACTED}"),
        ("Rp 081234567890", f"Rp {REDACTED}"),
        ("kitas 2C21JE5678AF", f"kitas {REDACTED}"),
        ("０８１２３４５６７８９０", REDACTED),
        ("_" * 300 + "siti@example.org!", REDACTED),
    ],
)
def test_examples(text: str, left: str) -> None:
    assert redacted(text, region="ID") == left


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0812 3456 7890", "+6281234567890"), ("+670 7723 4567", "+67077234567"), ("12", ""), ("x", "")],
)
def test_a_number_to_answer_to(typed: str, number: str) -> None:
    assert phone_of(typed, region="ID") == number
