"""Numbers in the words: each is an embedded value or stands in a fact that the document cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from portal.content.catalogue import Catalogue
from portal.content.document import Document

NUMBER = re.compile(r"(?<![\w.,:-])\d(?:[\d.,:]*\d)?(?![\w])")
ENGLISH_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d\d))?\s(a|p)\.m\.")
TAG = re.compile(r"<[^>]+>")


def unfounded_numbers(catalogue: Catalogue, document: Document, language: str) -> list[str]:
    """The numbers in the words of that language which no fact cited by the document holds, in order."""
    register = catalogue.reference("facts")
    cited = [register[id_] for id_ in document.facts.facts if id_ in register]
    known = set(_known([[fact.values, fact.effective_from] for fact in cited]))
    return [number for number in numbers_in(_words(document, language)) if not _is_known(number, known)]


def numbers_in(text: str) -> list[str]:
    """The numbers of a text as written; English clock times in the form of 24 hours."""
    return NUMBER.findall(ENGLISH_CLOCK.sub(in_24_hours, text))


def _words(document: Document, language: str) -> str:
    words, body = document.words[language], document.bodies[language]
    inline = (segment for segments in body.inline.values() for segment in segments if isinstance(segment, str))
    return "\n".join([words.title, words.summary, body.text, *(TAG.sub(" ", text) for text in inline)])


def in_24_hours(match: re.Match[str]) -> str:
    """A match of `ENGLISH_CLOCK` as the same time of 24 hours."""
    hour = int(match[1]) % 12 + (12 if match[3] == "p" else 0)
    return f"{hour:02d}:{match[2] or '00'}"


def _known(values: Any) -> Iterator[str]:
    """Every number of a fact's values in a plain form; numbers inside its texts count as well."""
    if isinstance(values, dict):
        values = values.values()
    elif isinstance(values, (str, int, float)):
        for number in NUMBER.findall(re.sub(r"[-–/+T]", " ", str(values))):
            yield from _forms(number)
        return
    if isinstance(values, Iterable):
        for value in values:
            yield from _known(value)


def _is_known(number: str, known: set[str]) -> bool:
    return bool(known & set(_forms(number)))


def _forms(number: str) -> Iterator[str]:
    """The ways in which the same number may be written: 1.000 or 1,000, 08.00 or 8:00, 4,5 or 4.5."""
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", number)
    for form in (number, plain, number.replace(",", "."), number.replace(".", ":")):
        yield form.lstrip("0").removesuffix(".0").removesuffix(":00") or "0"
