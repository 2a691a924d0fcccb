"""Warnings about the words themselves: amounts and numbers typed by hand, dates gone by, sentences too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from babel.dates import get_day_names, get_month_names

from portal.content.catalogue import Catalogue
from portal.content.checks.numbers import unfounded_numbers
from portal.content.document import ContentRule, Document
from portal.content.problems import Problem, ProblemKind
from portal.messages import N_

LONGEST_SENTENCE = 25

WRONG_WEEKDAY = ProblemKind(
    "weekday",
    "'%(what)s' is a %(day)s; mend the weekday or the date",
    N_("“%(what)s” falls on a %(day)s. Correct the weekday or the date."),
)
UNFOUNDED_NUMBER = ProblemKind(
    "unfounded-number",
    "names the number %(number)s, which no cited fact holds; cite the fact or embed the value",
    is_warning=True,
)
LONG_SENTENCE = ProblemKind(
    "long-sentence",
    "has a sentence of %(what)s words; at most %(most)s: '%(start)s…'",
    N_("A sentence has %(what)s words; try at most %(most)s. It begins: “%(start)s…”"),
    is_warning=True,
)
TYPED_AMOUNT = ProblemKind(
    "typed-amount",
    "types the amount '%(what)s'; embed it with {{ fee:… }}",
    N_("The amount “%(what)s” is typed by hand. Insert it with the button “Fee”, so that it stays right."),
    is_warning=True,
)
TYPED_PHONE = ProblemKind(
    "typed-phone",
    "types the number '%(what)s'; embed it with {{ contact:… }}",
    N_("The number “%(what)s” is typed by hand. Insert it from the list of contacts, so that it stays right."),
    is_warning=True,
)
TYPED_LAW = ProblemKind(
    "typed-law",
    "types '%(what)s'; embed it with {{ law:%(id)s }}",
    N_("The rule “%(what)s” is typed by hand. Insert it with the button “Law”, so that it links to its entry."),
    is_warning=True,
)
PAST_DATE = ProblemKind(
    "past-date",
    "names %(what)s, which is past; say what holds now",
    N_("%(what)s is past. Say what holds now."),
    is_warning=True,
)

AMOUNT = re.compile(r"\b(?:Rp\.?|IDR)\s?\d[\d.,]*|(?<![\w.,])\d[\d.,]*\s(?:rupiah|ribu rupiah|juta rupiah)\b", re.I)
PHONE = re.compile(r"(?:\+62[\s-]?|\b0)8\d{1,3}(?:[\s-]?\d{3,4}){2,3}\b|\(0\d{2,3}\)\s?\d{5,8}")
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-Z0-9À-Ý“\"(])")


def sentences(text: str) -> list[str]:
    """The sentences of a text whose blocks stand one a line."""
    return [piece for line in text.splitlines() for piece in SENTENCE_END.split(line) if piece.strip()]


def word_count(sentence: str) -> int:
    """How many words a sentence has; signs alone do not count."""
    return sum(1 for word in sentence.split() if any(character.isalnum() for character in word))


@lru_cache(maxsize=16)
def _names(language: str) -> tuple[list[str], list[str]]:
    """The months and the weekdays of a language, January and Monday first."""
    months, days = get_month_names("wide", locale=language), get_day_names("wide", locale=language)
    return [months[number] for number in range(1, 13)], [days[number] for number in range(7)]


def dates_in(text: str, language: str) -> list[tuple[str, str, date]]:
    """Each full date with the words before it and the weekday in front of it, if any."""
    months, weekdays = _names(language)
    pattern = re.compile(rf"(?:\b({'|'.join(weekdays)}),?\s)?\b(\d{{1,2}})\s({'|'.join(months)})\s(\d{{4}})\b")
    dates = []
    for match in pattern.finditer(text):
        try:
            day = date(int(match[4]), months.index(match[3]) + 1, int(match[2]))
        except ValueError:
            continue
        dates.append((match[0], match[1] or "", day))
    return dates


def prose_problems(
    catalogue: Catalogue,
    document: Document,
    rules: frozenset[ContentRule],
    *,
    language: str,
    path: str,
    today: date,
) -> Iterator[Problem]:
    """Problems of the words in one language; only a weekday that does not fit its date is an error."""
    words, body = document.words[language], document.bodies[language]
    text = "\n".join([words.title, words.summary, body.text])
    for written, weekday, day in dates_in(text, language):
        expected = _names(language)[1][day.weekday()]
        if weekday and weekday != expected:
            yield WRONG_WEEKDAY.at(path, what=written, day=expected)
    if ContentRule.EMBEDDED_VALUES in rules:
        yield from _typed_by_hand(catalogue, text, path)
        yield from _gone_by(catalogue, document, language=language, path=path, today=today)
    if ContentRule.FOUNDED_NUMBERS in rules:
        for number in unfounded_numbers(catalogue, document, language):
            yield UNFOUNDED_NUMBER.at(path, number=number)
    for sentence in sentences(text):
        count = word_count(sentence)
        if count > LONGEST_SENTENCE:
            yield LONG_SENTENCE.at(path, what=count, most=LONGEST_SENTENCE, start=sentence[:60])


def _typed_by_hand(catalogue: Catalogue, text: str, path: str) -> Iterator[Problem]:
    for match in AMOUNT.finditer(text):
        yield TYPED_AMOUNT.at(path, what=match[0])
    for match in PHONE.finditer(text):
        yield TYPED_PHONE.at(path, what=match[0])
    for id_, law in catalogue.reference("laws").items():
        if re.search(rf"(?<!\w){re.escape(law.number)}(?!\w)", text):
            yield TYPED_LAW.at(path, what=law.number, id=id_)


def _gone_by(catalogue: Catalogue, document: Document, *, language: str, path: str, today: date) -> Iterator[Problem]:
    register = catalogue.reference("facts")
    known = str([_dates_of(register[id_]) for id_ in document.facts.facts if id_ in register])
    for written, _weekday, day in dates_in(document.bodies[language].text, language):
        # A past date that a cited fact holds is history told on purpose, not a deadline left standing.
        if day < today and day.isoformat() not in known:
            yield PAST_DATE.at(path, what=written)


def _dates_of(fact: Any) -> list[str]:
    return [str(fact.effective_from), str(fact.values)]
