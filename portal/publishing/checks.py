"""What is wrong with a draft, field by field, found by the site's own reader and checks while somebody types."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dulwich.objects import Blob

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import OUTDATED, OVERDUE, Context, document_problems
from portal.content.document import Document, DocumentType
from portal.content.loading.reader import SLUG, Reader
from portal.content.parsing import MISSING_FIELD
from portal.content.problems import ContentError, Problem
from portal.content.sources.source import Source
from portal.content_forms.document_form import BODY
from portal.content_forms.schema import FACTS
from portal.publishing.candidate import ChangedSource

MOST = 40
LONGEST_SLUG = 80
# Checks that look at other pages or at the calendar; they say nothing about what somebody types.
NOT_ABOUT_TYPING = (OVERDUE, OUTDATED)
_INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Checked:
    """What a check found, and the document where the texts can be read."""

    problems: tuple[Problem, ...]
    document: Document | None

    @property
    def errors(self) -> list[Problem]:
        """What stops a publication."""
        return [problem for problem in self.problems if not problem.is_warning]


@dataclass(frozen=True)
class Checker:
    """Reads drafts with the types of the site; `catalogue` is what is served beside them."""

    reader: Reader
    source: Source
    catalogue: Catalogue
    types: Mapping[str, DocumentType]
    today: date

    def document(self, kind: str, slug: str, files: Mapping[str, str]) -> Document:
        """The document that these texts make; raises ContentError with everything that stops it."""
        folder = f"{kind}/{slug}"
        changes = {f"{folder}/{name}": text for name, text in files.items()}
        digests = {name: Blob.from_string(text.encode()).id.decode() for name, text in files.items()}
        reader = Reader(tuple(self.reader.types.values()), tuple(self.reader.references.values()))
        zone = ZoneInfo(self.catalogue.site.timezone)
        return reader.document(ChangedSource(self.source, changes), folder, digests, zone=zone)

    def candidate(self, document: Document) -> Catalogue:
        """The catalogue as it would be with that document."""
        return self.catalogue.replacing(document)

    def check(self, kind: str, slug: str, files: Mapping[str, str]) -> Checked:
        """Everything that is wrong with these texts, errors before warnings."""
        try:
            document = self.document(kind, slug, files)
        except ContentError as error:
            return Checked(error.problems[:MOST], None)
        context = Context(self.today, self.types, self.catalogue, open_kinds=frozenset(self.types))
        problems = [
            problem
            for problem in document_problems(self.candidate(document), context, document)
            if problem.kind not in NOT_ABOUT_TYPING
        ]
        problems.sort(key=lambda problem: problem.is_warning)
        return Checked(tuple(problems[:MOST]), document)


def is_slug(slug: str) -> bool:
    """Whether that name may stand in an address."""
    return len(slug) <= LONGEST_SLUG and bool(SLUG.match(slug))


def proposed_slug(title: str, taken: Sequence[str] = ()) -> str:
    """A name for the address made from a title: its first words in plain letters, numbered when it is taken."""
    words = re.sub(r"[^a-z0-9]+", " ", title.lower()).split()
    slug = "-".join(words)[:50].strip("-") or "page"
    if slug not in taken:
        return slug
    return next(name for number in range(2, 10_000) if (name := f"{slug}-{number}") not in taken)


def field_of(problem: Problem) -> str:
    """The dotted name of the form's field that a problem is about."""
    name = problem.path.rpartition("/")[2]
    part = name.removesuffix(".md") if name.endswith(".md") else FACTS
    key = _INDEX.sub(r".\1", problem.key).strip(".").replace("[...]", "")
    if problem.kind is MISSING_FIELD:
        missing = problem.params["what"]
        key = f"{key}.{missing}" if key else str(missing)
    if key.startswith("line "):
        key = ""
    return f"{part}.{key}" if key else (f"{part}.{BODY}" if part != FACTS else part)
