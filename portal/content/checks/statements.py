"""Pages laid beside what their sources state: figures of the same unit and subject, papers that a source asks for.

`reference/statements.yaml` holds the statements. Only the command and the tests read it: no worker needs it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.checks.figures import OF_ITS_OWN, Figure, FigureReader, Lexicon
from portal.content.checks.prose import sentences
from portal.content.checks.rules import Context
from portal.content.document import PRIMARY_LANGUAGE, ContentRule, Document
from portal.content.markdown.body import Body, Embed, Part
from portal.content.parsing import typed, yaml_of
from portal.content.problems import Problem, ProblemKind
from portal.content.reference import Term

PATH = "reference/statements.yaml"
ARTICLE = "article"
TAG = re.compile(r"<[^>]+>")
LIST_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
CHECKLIST = re.compile(r'<div class="checklist">(.*?)</div>', re.DOTALL)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Words are compared by their beginning, so that forms of one word are the same.
STEM = 5
# A word in a greater share of the statements tells no subject.
MOST_SHARED = 0.08
# So many words of its subject in one sentence say that the sentence is about a statement.
SAME_MATTER = 3
# So many lines before a figure belong to its subject; a cell of a table is a line.
NEAR = 6

NO_STATEMENT = ProblemKind("statement", "stands in facts.yaml without a statement; add one to %(file)s")
STRANGE_FIGURE = ProblemKind(
    "figure-of-no-source", "says %(figure)s in “%(line)s”; no cited fact has this figure with this unit and subject"
)
SECOND_VALUE = ProblemKind(
    "second-value", "says %(figure)s in “%(line)s”, where the fact '%(fact)s' states %(stated)s of the same matter"
)
OTHER_FIGURES = ProblemKind("figures-differ", "has %(figures)s in “%(part)s”, and the other language has not")
STRANGE_PAPER = ProblemKind("paper-of-no-source", "asks for “%(paper)s”, which no cited fact names")


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures, each with its unit behind it (`30 day`), words of the subject by language, and how sure it is."""

    about: dict[str, str]
    confidence: str
    figures: tuple[str, ...] = ()


class Statements(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    words: Lexicon
    statements: dict[str, Statement]


class StatementIndex:
    """The statements with what is derived from all of them: which words tell no subject."""

    def __init__(self, written: Statements) -> None:
        self.statements = written.statements
        self.reader = FigureReader(written.words)
        self._frequent: dict[str, frozenset[str]] = {}

    def is_about(self, text: str, statement: Statement, language: str) -> bool:
        """Whether the text has a word by which the statement is told from most others."""
        subject = _words(statement.about.get(language, "")) - self._frequent_words(language)
        return not subject or not subject.isdisjoint(words_of(text))

    def shared(self, text: str, statement: Statement, language: str) -> int:
        """How many words of the statement's subject the text has."""
        subject = _words(statement.about.get(language, "")) - self._frequent_words(language)
        return len(subject.intersection(words_of(text)))

    def names(self, paper: str, statement: Statement, language: str) -> bool:
        """Whether the statement names the paper; one that says only `letter` is named by each."""
        common = {word[:STEM] for word in self.reader.lexicon.common.get(language, ())}
        own = set(words_of(paper)) - common
        return not own or not own.isdisjoint(_words(statement.about.get(language, "")))

    def _frequent_words(self, language: str) -> frozenset[str]:
        if language not in self._frequent:
            statements = self.statements.values()
            counts = Counter(word for one in statements for word in _words(one.about.get(language, "")))
            most = max(1, MOST_SHARED * len(self.statements))
            self._frequent[language] = frozenset(word for word, count in counts.items() if count > most)
        return self._frequent[language]


def statements_of(text: str) -> StatementIndex:
    """The statements in the text of the file; raises ContentError for one that is not as it should be."""
    return StatementIndex(typed(yaml_of(text, PATH), Statements, path=PATH, zone=ZoneInfo("UTC")))


def words_of(text: str) -> list[str]:
    """The beginnings of the words of a text, in small letters, without single letters."""
    return [word[:STEM] for word in WORD.findall(text.lower().replace("-", " ")) if len(word) > 1]


@lru_cache(maxsize=2048)
def _words(written: str) -> frozenset[str]:
    return frozenset(written.split())


def statement_problems(catalogue: Catalogue, context: Context, known: StatementIndex) -> Iterator[Problem]:
    """What the pages say otherwise than the statements of the facts that they cite."""
    for id_ in catalogue.reference("facts"):
        if id_ not in known.statements:
            yield NO_STATEMENT.at("reference/facts.yaml", id_, file=PATH)
    for kind in catalogue.kinds():
        is_founded = ContentRule.FOUNDED_NUMBERS in context.rules_of(kind)
        for document in catalogue.all(kind):
            for language in document.bodies.keys() - {PRIMARY_LANGUAGE}:
                yield from _differing(document, language, known.reader)
            if is_founded:
                yield from page_problems(document, known, catalogue.reference("glossary"))


def page_problems(document: Document, known: StatementIndex, terms: Mapping[str, Term]) -> Iterator[Problem]:
    """The problems of one page: its figures, and the papers of its lists.

    `terms` are those of the glossary, whose words stand on a page that embeds them.
    """
    cited = [known.statements[id_] for id_ in document.facts.facts if id_ in known.statements]
    for language, body in document.bodies.items():
        path, words = f"{document.key}/{language}.md", document.words[language]
        embedded = [terms[one.id].term.text(language) for one in body.embeds if one.kind == "term" and one.id in terms]
        for line, about in _lines(body, f"{words.title}. {words.summary}", " ".join(embedded)):
            for figure in known.reader.figures_in(line, language):
                if not any(_states(known, one, figure, about=about, language=language) for one in cited):
                    yield STRANGE_FIGURE.at(path, figure=f"{figure.number} {figure.unit}".strip(), line=line[:60])
        yield from _second_values(document, known, language)
        for paper in _papers(body):
            if not any(known.names(paper, one, language) for one in cited):
                yield STRANGE_PAPER.at(path, paper=paper[:60])


def _second_values(document: Document, known: StatementIndex, language: str) -> Iterator[Problem]:
    """Figures that differ from the only one, in that unit, of the cited statement that the sentence is most about."""
    cited = [(id_, known.statements[id_]) for id_ in document.facts.facts if id_ in known.statements]
    for sentence in sentences(document.bodies[language].text):
        for figure in known.reader.figures_in(sentence, language):
            written, best, meant = f"{figure.number} {figure.unit}", 0, ("", "")
            for id_, statement in cited:
                of_unit = [one for one in statement.figures if one.partition(" ")[2] == figure.unit]
                shared = known.shared(sentence, statement, language)
                if figure.unit and written in of_unit and shared >= best:
                    best, meant = shared, ("", "")
                elif figure.unit and len(of_unit) == 1 and written not in of_unit and shared > best:
                    best, meant = shared, (id_, of_unit[0])
            if best >= SAME_MATTER and meant[0] and figure.unit not in OF_ITS_OWN:
                path = f"{document.key}/{language}.md"
                yield SECOND_VALUE.at(path, figure=written, line=sentence[:60], fact=meant[0], stated=meant[1])


def _lines(body: Body, head: str, terms: str) -> Iterator[tuple[str, str]]:
    """Each line of the page and of its box, with the words around it that say what it is about."""
    before: list[str] = []
    for line in [head, *_texts(body.inline.values()), *body.text.splitlines()]:
        yield line, " ".join((head, terms, *before, line))
        before = [*before, line][-NEAR:]


def _states(known: StatementIndex, statement: Statement, figure: Figure, *, about: str, language: str) -> bool:
    if figure.unit:
        has_it = f"{figure.number} {figure.unit}" in statement.figures
    else:
        has_it = any(written.partition(" ")[0] == figure.number for written in statement.figures)
    # The subject of an article is its law, which the page embeds.
    return has_it and (figure.unit == ARTICLE or known.is_about(about, statement, language))


def _papers(body: Body) -> Iterator[str]:
    for part in body.parts:
        for checklist in CHECKLIST.findall(_html(part.segments)):
            for item in LIST_ITEM.findall(checklist):
                yield TAG.sub(" ", item).strip()


def _differing(document: Document, language: str, reader: FigureReader) -> Iterator[Problem]:
    """Figures that a section has in one language alone, numbers in words and embedded amounts counted in."""
    sections = {part.id: part for part in document.bodies[PRIMARY_LANGUAGE].parts}
    for part in document.bodies[language].parts:
        if part.id not in sections:
            continue
        lacking = _lacking(part, sections[part.id], language, reader) | _lacking(
            sections[part.id], part, PRIMARY_LANGUAGE, reader, other_language=language
        )
        if lacking:
            where = TAG.sub("", part.heading) or document.title(language)
            yield OTHER_FIGURES.at(f"{document.key}/{language}.md", figures=", ".join(sorted(lacking)), part=where)


def _lacking(
    part: Part, other: Part, language: str, reader: FigureReader, *, other_language: str = PRIMARY_LANGUAGE
) -> set[str]:
    """What the part has in its language and the other one has not."""
    text, other_text = (TAG.sub(" ", _html(one.segments)) for one in (part, other))
    there = {figure.number for figure in reader.figures_in(other_text, other_language)}
    here = {figure.number for figure in reader.figures_in(text, language)}
    lacking = here - there - reader.spelled_numbers(other_text, other_language)
    return lacking | (_amounts(part) - _amounts(other))


def _amounts(part: Part) -> set[str]:
    embeds = (one for one in part.segments if isinstance(one, Embed))
    return {f"{one.kind}:{one.id}" for one in embeds if one.kind in ("fee", "money")}


def _html(segments: Iterable[object]) -> str:
    return "".join(one if isinstance(one, str) else " " for one in segments)


def _texts(inline: Iterable[Iterable[object]]) -> list[str]:
    return [TAG.sub(" ", _html(segments)) for segments in inline]
