"""Words of a text: folded, joined, split and numbered the same way for documents and queries."""

from __future__ import annotations

import re
import unicodedata

from portal.languages.registry import LANGUAGES

_MARKS = re.compile(r"[\u0300-\u036f]")
_PIECE = re.compile(r"\d+/\d{4}|\d{1,3}(?:[.,]\d{3})+(?!\d)|[a-z0-9]+(?:['’`][a-z]+)*(?:-[a-z0-9]+(?:['’`][a-z]+)*)*")
_CURRENCY = re.compile(r"\b(?:rp|idr)\.?(\d)")
_SHORT_PREFIXES = frozenset("em")
_JOINED_AFTER_PREFIX = ("pas", "vis", "voa", "ktp", "ita", "gat")
_DOUBLED = re.compile(r"^([a-z]{3,})2$")
_UNITS = {short: word for language in LANGUAGES.values() for short, word in language.units.items()}
_UNIT = re.compile(rf"^(\d+)({'|'.join(_UNITS)})$")
_THOUSAND = frozenset().union(*(language.thousand for language in LANGUAGES.values()))
_MILLION = frozenset().union(*(language.million for language in LANGUAGES.values()))
_NUMERALS = {word: str(value) for language in LANGUAGES.values() for word, value in language.numerals.items()}


def fold(text: str) -> str:
    """The text in lower case without accents or compatibility forms."""
    lowered = unicodedata.normalize("NFKD", text).lower()
    return _CURRENCY.sub(r" \1", _MARKS.sub("", lowered))


def words(text: str, *, limit: int | None = None) -> list[str]:
    """The normalised words of a text in order, at most `limit` pieces of it; numbers as digits."""
    pieces: list[str] = []
    for count, match in enumerate(_PIECE.finditer(fold(text))):
        if limit is not None and count >= limit:
            break
        _spread(match.group(), pieces)
    return _numbered(_joined(pieces))


def _spread(piece: str, pieces: list[str]) -> None:
    if piece[0].isdigit() and not piece.isalnum():
        if "/" in piece:
            pieces.append(piece)
            return
        if re.fullmatch(r"[\d.,]+", piece):
            pieces.append(re.sub(r"[.,]", "", piece))
            return
    parts = [_without_apostrophe(part) for part in piece.split("-")]
    if len(parts) > 1 and parts[0] in _SHORT_PREFIXES:
        parts = [parts[0] + parts[1], *parts[2:]]
    previous = ""
    for part in parts:
        # Reduplication says plural or variety ("anak-anak"), which a search never asks for.
        if part and part != previous:
            pieces.extend(_unit(part))
        previous = part


def _without_apostrophe(part: str) -> str:
    plain = part.replace("’", "'").replace("`", "'")
    if plain.endswith("'s"):
        plain = plain[:-2]
    return plain.replace("'", "")


def _unit(part: str) -> list[str]:
    doubled = _DOUBLED.match(part)
    if doubled:
        return [doubled.group(1)]
    unit = _UNIT.match(part)
    if unit:
        return [unit.group(1), _UNITS[unit.group(2)]]
    return [part]


def _joined(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and joined[-1] in _SHORT_PREFIXES and piece.startswith(_JOINED_AFTER_PREFIX):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _numbered(pieces: list[str]) -> list[str]:
    numbered: list[str] = []
    for word in pieces:
        plain = _NUMERALS.get(word, word)
        last = numbered[-1] if numbered else ""
        if plain in _THOUSAND and last.isdigit() and len(last) < 7:
            numbered[-1] = last + "000"
        elif plain in _MILLION and last.isdigit() and len(last) < 5:
            numbered[-1] = last + "000000"
        else:
            numbered.append(plain)
            _add_regulation(numbered)
    return numbered


def _add_regulation(numbered: list[str]) -> None:
    # "Nomor 45 Tahun 2024" is the same regulation as "45/2024".
    if len(numbered) < 3 or numbered[-2] != "tahun":
        return
    number, year = numbered[-3], numbered[-1]
    if number.isdigit() and len(number) < 4 and re.fullmatch(r"(19|20)\d\d", year):
        numbered.append(f"{number}/{year}")
