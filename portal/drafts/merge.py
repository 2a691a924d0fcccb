"""Two texts of one page side by side, field by field: what each changed, and what can be joined by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from merge3 import Merge3

from portal.content_forms import schema
from portal.content_forms.binding import Field, as_submitted
from portal.content_forms.document_form import DocumentForm
from portal.content_forms.schema import Box, Leaf

MINE, THEIRS, BOTH = "mine", "theirs", "both"
JOINED = frozenset({schema.BODY, schema.TEXT, schema.LINES})
# Word by word, longer texts than a page may be would take minutes to compare.
MOST_WORDS = 40_000
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
        return any(other for _own, other in _regions(text_of(self.base), text_of(self.mine), text_of(self.theirs)))


def differences(form: DocumentForm, base: Texts, mine: Texts, theirs: Texts) -> list[Difference]:
    """Every field in which mine and theirs differ, words before facts."""
    sides = [dict(_units(form, files)) for files in (base, mine, theirs)]
    names = list(dict.fromkeys(name for side in sides for name in side))
    found = []
    for name in names:
        shown = [side.get(name) for side in sides]
        was, own, other = (as_submitted([field]) if field else {} for field in shown)
        field = shown[1] or shown[2]
        if own != other and field is not None:
            found.append(Difference(name, field, was, own, other))
    return found


def merged(
    form: DocumentForm, found: Iterable[Difference], theirs: Texts, choices: Mapping[str, str], texts: Texts
) -> Texts:
    """Their texts with the chosen fields of mine; `texts` holds what was typed for the fields taken from both.

    Raises KeyError with the name of a field for which nothing was chosen.
    """
    sent: Sent = {}
    for one in found:
        choice = choices.get(one.name) or one.suggestion
        if not choice or (choice == BOTH and not one.can_join):
            raise KeyError(one.name)
        if choice == MINE:
            # Rows that only they have are sent blank, which takes them away.
            sent |= {name: [""] for name in one.theirs} | one.mine
        elif choice == BOTH:
            sent |= {one.name: [texts.get(one.name, one.joined)]}
    return form.put(theirs, sent)


def text_of(side: Sent) -> str:
    """What stands in a field, as one text."""
    return "\n".join(text for texts in side.values() for text in texts if text)


def joined(base: str, mine: str, theirs: str) -> str:
    """Both changes in one text; nothing of either is left out."""
    lines: list[str] = []
    for own, other in _regions(base, mine, theirs):
        start = next(
            (at for at, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), min(len(own), len(other))
        )
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
    for one in fields:
        if isinstance(one.part, Box) and not one.part.is_optional:
            yield from _flat(one.below)
        else:
            yield one.name, one


def pieces(before: str, after: str) -> list[dict[str, str]]:
    """The words of both texts in order: the same in both, removed, or added."""
    old, new = (_words(text) for text in (before, after))
    if len(old) + len(new) > MOST_WORDS:
        return [{"kind": kind, "text": text} for kind, text in (("removed", before), ("added", after)) if text]
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append({"kind": "same", "text": "".join(old[a:b])})
            continue
        if b > a:
            found.append({"kind": "removed", "text": "".join(old[a:b])})
        if d > c:
            found.append({"kind": "added", "text": "".join(new[c:d])})
    return found


def _words(text: str) -> list[str]:
    words: list[str] = []
    for line in text.split("\n"):
        words += [f"{word} " for word in line.split(" ")]
        words.append("\n")
    return words[:-1]
