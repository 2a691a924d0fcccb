"""The content in figures: how much there is, how hard it reads, what it rests on, and what is due."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from portal.content.catalogue import Catalogue
from portal.content.checks.prose import sentences, word_count
from portal.content.checks.rules import is_orphan, linked_keys
from portal.content.document import PRIMARY_LANGUAGE, ContentRule, Document, DocumentType

LONG_WORD = 6
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Reading:
    """How the texts of one kind read in one language; LIX is the mean sentence plus the share of long words."""

    kind: str
    language: str
    documents: int
    words: int
    words_per_sentence: float
    longest_mean: float
    lix: float


@dataclass(frozen=True)
class Report:
    """What staff look at before a review: figures by kind and language, and the ids that need a hand."""

    readings: tuple[Reading, ...]
    certainty: Mapping[str, int]
    facts_cited: tuple[str, ...]
    facts_unused: tuple[str, ...]
    without_legal_basis: tuple[str, ...]
    without_keywords: tuple[str, ...]
    without_translation: tuple[str, ...]
    orphans: tuple[str, ...]
    open_statements: tuple[tuple[str, str], ...]
    due: tuple[tuple[date, str], ...]


def report(catalogue: Catalogue, types: Mapping[str, DocumentType]) -> Report:
    """The figures of everything that is published."""
    documents = [
        document
        for kind in catalogue.kinds()
        for document in catalogue.all(kind)
        if document.facts.status == "published"
    ]
    register = catalogue.reference("facts")
    cited = set(_cited(catalogue, documents)) & set(register)
    linked = linked_keys(catalogue)

    def asked(rule: ContentRule) -> list[Document]:
        return [one for one in documents if one.kind in types and rule in types[one.kind].rules]

    return Report(
        readings=tuple(_readings(catalogue, documents)),
        certainty=dict(Counter(document.facts.certainty for document in documents)),
        facts_cited=tuple(sorted(cited)),
        facts_unused=tuple(sorted(set(register) - cited)),
        without_legal_basis=tuple(
            document.key for document in asked(ContentRule.LEGAL_BASIS) if not document.facts.legal_basis
        ),
        without_keywords=tuple(
            f"{document.key}/{language}"
            for document in asked(ContentRule.KEYWORDS)
            for language, words in document.words.items()
            if not words.keywords
        ),
        without_translation=tuple(
            f"{document.key}/{language}"
            for document in documents
            for language in catalogue.site.language_codes
            if language not in document.words or document.is_outdated(language)
        ),
        orphans=tuple(document.key for document in asked(ContentRule.REACHABLE) if is_orphan(document, linked)),
        open_statements=tuple(open_statements(documents)),
        due=tuple(
            sorted((document.facts.review_by, document.key) for document in documents if document.facts.review_by)
        ),
    )


def open_statements(documents: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """What the office has still to confirm: the key of the page and the statement in the primary language."""
    for document in documents:
        words = document.words.get(PRIMARY_LANGUAGE)
        for statement in getattr(words, "unconfirmed", ()):
            yield document.key, statement


def _cited(catalogue: Catalogue, documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        yield from document.facts.facts
    for records in catalogue.references.values():
        for record in records.values():
            yield from getattr(record, "facts", ())


def _readings(catalogue: Catalogue, documents: list[Document]) -> Iterator[Reading]:
    for kind in catalogue.kinds():
        for language in catalogue.site.language_codes:
            texts = [d.bodies[language].text for d in documents if d.kind == kind and language in d.words]
            if texts:
                yield _reading(kind, language, texts)


def _reading(kind: str, language: str, texts: list[str]) -> Reading:
    lengths = [[word_count(sentence) for sentence in sentences(text)] for text in texts]
    means = [statistics.fmean(counts) for counts in lengths if counts]
    whole = [count for counts in lengths for count in counts if count]
    all_words = [word for text in texts for word in LETTERS.findall(text)]
    mean = statistics.fmean(whole) if whole else 0.0
    long = 100 * sum(len(word) > LONG_WORD for word in all_words) / max(len(all_words), 1)
    return Reading(kind, language, len(texts), sum(whole), mean, max(means, default=0.0), mean + long)
