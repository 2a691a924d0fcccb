"""The content as it would be after a change: read by the site's own reader before anything is written."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dulwich.objects import Blob

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Check, Context, check
from portal.content.document import DocumentType
from portal.content.loading.compiled import Compiled, CompiledStore
from portal.content.loading.reader import Reader
from portal.content.problems import Problem
from portal.content.sources.source import Source

Identity = tuple[str, str, str, bool]
Changes = Mapping[str, str | bytes | None]


@dataclass(frozen=True)
class Candidate:
    """The catalogue with a change in it, and the version of the content that the change was laid over."""

    catalogue: Catalogue
    base: str


class ChangedSource:
    """A source with some files in the place of its own; None stands for a file that is gone."""

    def __init__(self, source: Source, changes: Changes) -> None:
        self._source = source
        self._changes = {path: data_of(text) for path, text in changes.items()}

    def version(self) -> str:
        """The version of the source below."""
        return self._source.version()

    def listing(self) -> Mapping[str, str]:
        """Every file's path with its digest, changed files under the id that git will give them."""
        digests = {path: digest for path, digest in self._source.listing().items() if path not in self._changes}
        changed = {p: Blob.from_string(data).id.decode() for p, data in self._changes.items() if data is not None}
        return digests | changed

    def recall(self, version: str, listing: Mapping[str, str]) -> None:
        """Nothing to recall: a candidate is always listed anew."""

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        data = self._changes.get(path)
        return self._source.read(path) if data is None else data


class _BorrowingStore(CompiledStore):
    """Takes what the site has parsed already and keeps what it parses itself for one reading only."""

    def __init__(self, lender: CompiledStore) -> None:
        super().__init__(None)
        self._lender = lender

    def get(self, hash_: str) -> Compiled | None:
        return super().get(hash_) or self._lender.get(hash_)

    def values(self, hash_: str) -> object:
        values = super().values(hash_)
        return self._lender.values(hash_) if values is None else values


class Candidates:
    """Makes candidates from a source of its own, one at a time."""

    def __init__(self, source: Source, reader: Reader) -> None:
        self._source = source
        self._reader = reader
        self._lock = threading.Lock()

    def read(self, changes: Changes, *, served: Catalogue) -> Candidate:
        """The content with these changes; documents that do not differ are those of `served`."""
        lender = self._reader.store
        reader = Reader(
            tuple(self._reader.types.values()), tuple(self._reader.references.values()), store=_BorrowingStore(lender)
        )
        with self._lock:
            while True:
                base = self._source.version()
                catalogue = reader.read(ChangedSource(self._source, changes), served)
                # The listing asks for the version again: a publication in between would mix two states.
                if self._source.version() == base:
                    return Candidate(catalogue, base)


class Examiner:
    """Finds what a change would break: the errors that the content has with it and had not without it."""

    def __init__(self, types: Mapping[str, DocumentType], checks: Sequence[Check] = ()) -> None:
        self._types = types
        self._checks = checks
        self._known: tuple[Catalogue, date, frozenset[Identity]] | None = None

    def errors(self, after: Catalogue, before: Catalogue, *, today: date) -> list[Problem]:
        """Every error of `after` that `before` has not; the state before is looked at only when there are any."""
        errors = [problem for problem in self._check(after, today, before) if not problem.is_warning]
        known_before = self._identities(before, today) if errors else frozenset()
        return [problem for problem in errors if _identity(problem) not in known_before]

    def _identities(self, catalogue: Catalogue, today: date) -> frozenset[Identity]:
        last = self._known
        if last is None or last[0] is not catalogue or last[1] != today:
            identities = frozenset(_identity(problem) for problem in self._check(catalogue, today, None))
            last = self._known = (catalogue, today, identities)
        return last[2]

    def _check(self, catalogue: Catalogue, today: date, baseline: Catalogue | None) -> list[Problem]:
        context = Context(today, self._types, baseline, open_kinds=frozenset(self._types))
        return check(catalogue, context, self._checks)


def _identity(problem: Problem) -> Identity:
    return problem.path, problem.key, problem.message, problem.is_warning


def data_of(text: str | bytes | None) -> bytes | None:
    """The bytes of a changed file."""
    return text.encode() if isinstance(text, str) else text
