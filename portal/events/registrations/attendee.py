"""What people type about themselves, made safe: names, head counts, telephone numbers, e-mail addresses.

Each reader of a field gives the clean value or raises Unusable with the name of the problem; the doors
put the problem into words.
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


class Unusable(Exception):
    """A field cannot be used; `problem` names why: missing, long, marks, number, few, many, phone, email."""

    def __init__(self, problem: str, clean: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.clean = clean


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One party, cleaned: the phone in E.164, the e-mail normalised, both may be empty."""

    name: str
    party_size: int
    district: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


def clean_text(typed: str, *, length: int, required: bool = False, lines: bool = False) -> str:
    """Give the text in NFC with single blanks; raises Unusable: missing, long or marks.

    `lines` keeps line breaks. Invisible marks are an error, not silently dropped: the reader sees the
    cleaned text and sends it again.
    """
    text = unicodedata.normalize("NFC", typed[: length * 20])
    kept = "".join(sign for sign in text if _is_visible(sign))
    parts = kept.splitlines() if lines else [kept]
    clean = "\n".join(" ".join(part.split()) for part in parts).strip()
    if required and not clean:
        raise Unusable("missing")
    if len(typed) > length and len(clean) > length:
        raise Unusable("long", clean[:length])
    if len(kept) != len(text):
        raise Unusable("marks", clean)
    return clean


def _is_visible(sign: str) -> bool:
    return sign in "\r\n\t" or (sign not in _DIRECTION and unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))


def clean_count(typed: str, *, most: int) -> int:
    """Read a head count of 1 to `most`; raises Unusable: missing, number, few or many."""
    text = typed.strip()
    if not text:
        raise Unusable("missing")
    if not text.isdecimal() or len(text) > 9:
        raise Unusable("number", text[:9])
    party_size = int(text)
    if party_size < 1:
        raise Unusable("few", text)
    if party_size > most:
        raise Unusable("many", text)
    return party_size


def clean_phone(typed: str, *, region: str) -> str:
    """Read a telephone number in any local form and give it in E.164; raises Unusable: phone.

    `region` is the country whose local forms are understood, such as "ID". A number without its
    leading zero or plus sign is read as a local or as an international one, whichever is valid.
    """
    text = "".join(sign for sign in typed[:60] if unicodedata.category(sign) != "Cf")
    for form in _forms(text):
        try:
            number = phonenumbers.parse(form, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Unusable("phone", typed[:60])


def _forms(text: str) -> tuple[str, ...]:
    digits = "".join(sign for sign in text if sign.isdecimal())
    # Some write the international prefix as 00, which is not the one that every country dials.
    if digits.startswith("00"):
        return ("+" + digits[2:], text)
    return (text, "+" + digits, digits)


def clean_email(typed: str) -> str:
    """Read an e-mail address without asking the network; raises Unusable: email."""
    try:
        found = validate_email(typed.strip()[:320], check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Unusable("email", typed.strip()[:254]) from None
    return found.normalized
