"""What people type about themselves, cleaned: names, numbers of guests, telephone numbers, e-mail addresses.

Each function gives the clean value of one field or raises InvalidValue with the name of the problem, which
`views.forms` puts into words.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

NAME_LENGTH = 100
LINE_LENGTH = 200
TEXT_LENGTH = 1000
# Marks that turn the direction of writing: invisible, and able to make a line read as another one.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class InvalidValue(Exception):
    """The text cannot be used; `problem` is missing, long, marks, number, few, many, phone or email.

    `clean` is the text to show in the field instead of what was typed, if it is not empty.
    """

    def __init__(self, problem: str, clean: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.clean = clean


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """Who registers, cleaned: the telephone number in E.164, the e-mail address normalised; both may be empty."""

    name: str
    party_size: int
    district: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


def clean_text(typed: str, *, length: int, required: bool = False, lines: bool = False) -> str:
    """The text in NFC with single blanks; raises InvalidValue: missing, long or marks.

    `lines` keeps line breaks. Invisible marks are an error, not silently dropped: the reader sees the
    cleaned text and sends it again.
    """
    text = unicodedata.normalize("NFC", typed[: length * 20])
    kept = "".join(character for character in text if _is_visible(character))
    parts = kept.splitlines() if lines else [kept]
    clean = "\n".join(" ".join(part.split()) for part in parts).strip()
    if required and not clean:
        raise InvalidValue("missing")
    if len(typed) > length and len(clean) > length:
        raise InvalidValue("long", clean[:length])
    if len(kept) != len(text):
        raise InvalidValue("marks", clean)
    return clean


def _is_visible(character: str) -> bool:
    if character in _DIRECTION:
        return False
    return character in "\r\n\t" or unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn")


def clean_count(typed: str, *, most: int) -> int:
    """A number of guests from 1 to `most`; raises InvalidValue: missing, number, few or many."""
    text = typed.strip()
    if not text:
        raise InvalidValue("missing")
    if not text.isdecimal() or len(text) > 9:
        raise InvalidValue("number", text[:9])
    count = int(text)
    if count < 1:
        raise InvalidValue("few", text)
    if count > most:
        raise InvalidValue("many", text)
    return count


def clean_phone(typed: str, *, region: str) -> str:
    """A telephone number in any local form, given in E.164; raises InvalidValue: phone.

    `region` is the country whose local forms are understood, such as "ID". A number without its
    leading zero or plus sign is read as a local or as an international one, whichever is valid.
    """
    text = "".join(character for character in typed[:60] if unicodedata.category(character) != "Cf")
    for spelling in _spellings(text):
        try:
            number = phonenumbers.parse(spelling, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise InvalidValue("phone", typed[:60])


def _spellings(text: str) -> tuple[str, ...]:
    digits = "".join(filter(str.isdecimal, text))
    # Some write the international prefix as 00, which is not the one that every country dials.
    if digits.startswith("00"):
        return ("+" + digits[2:], text)
    return (text, "+" + digits, digits)


def clean_email(typed: str) -> str:
    """An e-mail address, checked without asking the network; raises InvalidValue: email."""
    try:
        address = validate_email(typed.strip()[:320], check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise InvalidValue("email", typed.strip()[:254]) from None
    return address.normalized
