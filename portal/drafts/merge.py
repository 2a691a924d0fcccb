"""Two texts of one page side by side, field by field: what each changed, and what can be joined by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from merge3 import Merge3

from portal.content_forms import schema
from portal.content_forms.binding import Field, as_submitted
from portal.content_forms.document_form import DocumentForm
from portal.content_forms.schema import Box, Leaf

MINE, THEIRS, BOTH = "mine", "theirs", "both"
JOINED = frozenset({schema.BODY, schema.TEXT, schema.LINES})
Texts = Mapping[str, str]
Sent = dict[str, list[str]]


@dataclass(frozen=True)
class Difference:
    """One field in which two texts differ, with what stood there before both; `joined` is both in one text."""

    name: str
    field: Field
    base: Sent
    mine: Sent
    theirs: Sent

    @property
    def is_conflict(self) -> bool:
        """Whether both changed the field, each in another way."""
        return self.base not in (self.mine, self.theirs)

    @property
    def can_join(self) -> bool:
        """Whether the field is a text whose lines can be taken from both."""
        return isinstance(self.field.part, Leaf) and self.field.part.widget in JOINED and self.is_conflict

    @property
    def suggestion(self) -> str:
        """What to choose where nobody looks: the side that changed something, or both, or nothing."""
        if not self.is_conflict:
            return THEIRS if self.mine == self.base else MINE
        return BOTH if self.can_join else ""

    @cached_property
    def joined(self) -> str:
        """The lines of both; where both changed the same ones, mine stand before theirs."""
        return joined(text_of(self.base), text_of(self.mine), text_of(self.theirs))

    @cached_property
    def has_doubles(self) -> bool:
        """Whether the joined text holds two versions of the same lines."""
        return any(theirs for _mine, theirs in _regions(text_of(self.base), text_of(self.mine), text_of(self.theirs)))


def differences(form: DocumentForm, base: Texts, mine: Texts, theirs: Texts) -> list[Difference]:
    """Every field in which mine and theirs differ, words before facts."""
    sides = [dict(_units(form, files)) for files in (base, mine, theirs)]
    names = list(dict.fromkeys(name for side in sides for name in side))
    differing = []
    for name in names:
        fields = [side.get(name) for side in sides]
        base_values, mine_values, theirs_values = (as_submitted([field]) if field else {} for field in fields)
        field = fields[1] or fields[2]
        if mine_values != theirs_values and field is not None:
            differing.append(Difference(name, field, base_values, mine_values, theirs_values))
    return differing


def merged(
    form: DocumentForm, differing: Iterable[Difference], theirs: Texts, choices: Mapping[str, str], texts: Texts
) -> Texts:
    """Their texts with the chosen fields of mine; `texts` holds what was typed for the fields taken from both.

    Raises KeyError with the name of a field for which nothing was chosen.
    """
    sent: Sent = {}
    for difference in differing:
        choice = choices.get(difference.name) or difference.suggestion
        if not choice or (choice == BOTH and not difference.can_join):
            raise KeyError(difference.name)
        if choice == MINE:
            # Rows that only they have are sent blank, which takes them away.
            sent |= {name: [""] for name in difference.theirs} | difference.mine
        elif choice == BOTH:
            sent |= {difference.name: [texts.get(difference.name, difference.joined)]}
    return form.put(theirs, sent)


def text_of(side: Sent) -> str:
    """What stands in a field, as one text."""
    return "\n".join(text for texts in side.values() for text in texts if text)


def joined(base: str, mine: str, theirs: str) -> str:
    """Both changes in one text; nothing of either is left out."""
    lines: list[str] = []
    for own, other in _regions(base, mine, theirs):
        pairs = enumerate(zip(own, other, strict=False))
        start = next((index for index, (a, b) in pairs if a != b), min(len(own), len(other)))
        lines += own
        if other[start:]:
            # A blank line keeps two versions of a paragraph two paragraphs; how both begin alike stands once.
            lines += [*([""] if any(map(str.strip, own[start:])) else []), *other[start:]]
    return "\n".join(lines)


def _regions(base: str, mine: str, theirs: str) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The lines in order; a second text only where both changed the same lines."""
    merge = Merge3(base.split("\n"), mine.split("\n"), theirs.split("\n"))
    for region in merge.merge_groups():
        if region[0] == "conflict":
            yield region[2], region[3]
        else:
            yield region[1], ()


def _units(form: DocumentForm, files: Texts) -> Iterator[tuple[str, Field]]:
    for language in form.languages:
        yield from _flat(form.words(files, language))
    yield from _flat(form.facts(files))


def _flat(fields: Iterable[Field]) -> Iterator[tuple[str, Field]]:
    for field in fields:
        if isinstance(field.part, Box) and not field.part.is_optional:
            yield from _flat(field.below)
        else:
            yield field.name, field
