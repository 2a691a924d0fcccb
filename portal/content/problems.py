"""What can be wrong with content: said in English on the command line and in plain sentences to staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ProblemKind:
    """One thing that can be wrong, declared beside the check that finds it.

    `code` is the rule under which the command line lists it, shared by kinds that belong together. `text` is the
    English of the command line: what is wrong and how to mend it. `plain` is the sentence for staff,
    marked with N_ and translated where it is shown; without one, staff see `text`. Both name values as %(name)s.
    """

    code: str
    text: str
    plain: str = ""
    is_warning: bool = False

    def at(self, path: str, key: str = "", **params: object) -> Problem:
        """A problem of this kind in a file, at a key of it."""
        return Problem(self, path, key, params)


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the content: its kind, the file, the key, and the values that the sentences name."""

    kind: ProblemKind
    path: str
    key: str = ""
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def is_warning(self) -> bool:
        """Whether the content can be published in spite of it."""
        return self.kind.is_warning

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in English."""
        return self.kind.text % self.params

    def __str__(self) -> str:
        where = f"{self.path}: {self.key}" if self.key else self.path
        return f"{where}: {self.message}"


class ContentError(Exception):
    """A file cannot be read as content; carries the problems, one per key."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class InvalidValue(ValueError):
    """Raised by typed facts and words for a value that has a kind of problem of its own."""

    def __init__(self, kind: ProblemKind, **params: object) -> None:
        super().__init__(kind.text % params)
        self.kind = kind
        self.params = params
