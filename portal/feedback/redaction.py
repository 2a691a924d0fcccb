"""Redaction of free text: addresses, handles, numbers of persons and cars, and birth dates are taken away.

The patterns take away too much rather than too little; other dates, times and amounts of money stay. Names and
street addresses cannot be recognised among other words, so the forms ask people to leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

from portal.feedback import spelled_out

# Replaces what was taken away; the same in every language.
REDACTED = "[...]"
# What is taken away can uncover the beginning of something else, hardly ever twice.
MOST_ROUNDS = 5

_AT = r"(?:\s?@\s?|\s?[\[({]\s?(?:at|et)\s?[\])}]\s?)"
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|titik)\s?[\])}]\s?)"
# Without a bound: an address is looked for where a run of such signs begins, so a long run before it would hide it.
_SIGNS = r"[^\s@<>()\[\]{},;:]+"
_EMAIL = re.compile(rf"(?<![^\s@<>()\[\]{{}},;:]){_SIGNS}{_AT}{_SIGNS}(?:{_DOT}{_SIGNS})*", re.I)
# Amounts, dates and times are what questions are about, and they are written unlike any number of a person.
_PROTECTED = re.compile(
    r"""
      (?<![\w.])(?:rp\.?|idr)\s?(?:[1-9]\d{0,2}(?:[.,]\d{3}){1,4}|[1-9]\d{0,8})(?![\w]|[.,]\d)
    | (?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d(?![\d/.-]?\d)
    | (?<![\d/.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d/.-]?\d)
    | (?<![\d.:])(?:[01]?\d|2[0-3])[.:][0-5]\d(?![\d.:]?\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = r"[\s.\-‐-―_()/\\,*:+·•'\"]{0,4}"
# Eight digits or more, however they are set apart: telephone, identity card, family card, account.
_DIGITS = re.compile(rf"(?:(?<!\w)[^\W\d_]{{1,3}})?\+?\(?\d(?:{_BETWEEN}\d){{7,}}")
# One or two letters and six digits or more, as passports write it; and marks that mix letters with many digits.
_PASSPORT = re.compile(r"(?<!\w)[^\W\d_]{1,3}[\s.\-:]{0,2}\d(?:[\s.\-]?\d){5,8}[^\W\d_]{0,2}(?!\w|[\s.\-]?\d)")
_IDENTIFIER = re.compile(r"(?<!\w)(?=[^\W_]{7,16}(?!\w))(?=(?:[^\W_]*?\d){5})(?=[^\W_]*?[^\W\d_])[^\W_]{7,16}")
_PATTERNS = (_EMAIL, _PASSPORT, _IDENTIFIER, _DIGITS)


def redacted(text: str, *, region: str) -> str:
    """The text in NFKC with REDACTED in the place of everything that could identify a person.

    `region` is the country whose local telephone numbers are understood, such as "ID".
    """
    plain = "".join(character for character in unicodedata.normalize("NFKC", text) if _is_kept(character))
    for _ in range(MOST_ROUNDS):
        before, plain = plain, _redacted_once(plain, region)
        if plain == before:
            break
    return plain


def _redacted_once(plain: str, region: str) -> str:
    plain = _without(plain, spelled_out.spans(plain))
    plain = _without(plain, _spans(_EMAIL, plain))
    plain = "".join(_redacted_piece(piece, region) if may_redact else piece for piece, may_redact in _pieces(plain))
    # Once more over the whole: two harmless pieces may stand beside each other now.
    for pattern in _PATTERNS:
        plain = _without(plain, (span for span in _spans(pattern, plain) if not _is_protected(plain, span)))
    return re.sub(r"\[\.\.\.\](?:[\s,\-()]*\[\.\.\.\])+", REDACTED, plain).strip()


def _is_kept(character: str) -> bool:
    # Invisible marks would let a number pass in halves.
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order, split at amounts, dates and times: each piece with whether it may be redacted."""
    position = 0
    for match in _PROTECTED.finditer(text):
        yield text[position : match.start()], True
        yield match[0], False
        position = match.end()
    yield text[position:], True


def _redacted_piece(text: str, region: str) -> str:
    for pattern in _PATTERNS:
        text = _without(text, _spans(pattern, text))
    # What is left is shorter than eight digits; the library knows which of that can be called.
    matches = PhoneNumberMatcher(text, region, leniency=Leniency.VALID)
    return _without(text, ((match.start, match.end) for match in matches))


def _is_protected(text: str, span: tuple[int, int]) -> bool:
    """Whether the span holds an amount, a date or a time, and no number of a person beside it."""
    piece = text[span[0] : span[1]]
    if not _PROTECTED.search(piece):
        return False
    rest = _PROTECTED.sub(" ; ", piece)
    return not any(pattern.search(rest) for pattern in _PATTERNS)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


def _without(text: str, spans: Iterator[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], REDACTED]
        position = end
    return "".join([*pieces, text[position:]])


def phone_of(typed: str, *, region: str) -> str:
    """The telephone number that was typed, in E.164; empty when it is none."""
    try:
        number = phonenumbers.parse(typed[:60], region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
