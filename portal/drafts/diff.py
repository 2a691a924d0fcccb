"""What a change changes: field by field in plain order, and within texts word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.content_forms import schema
from portal.content_forms.binding import Field
from portal.content_forms.document_form import FACTS_FILE, DocumentForm, mapping_of
from portal.content_forms.schema import FACTS, Leaf, kept_by_desk
from portal.drafts.merge import differences, text_of
from portal.drafts.word_diff import ADDED, REMOVED, Piece, words

NEW, GONE, CHANGED = "new", "gone", "changed"
# How many of the following paragraphs are looked at for one that resembles a changed one, and how much of each.
NEAR, READ = 8, 600
_BLANK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that differs: its number in the new text (in the old one when it is gone)."""

    number: int
    state: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class FieldChange:
    """A field that differs: its dotted name, its language for words, and what changed in it."""

    name: str
    language: str
    field: Field | None
    state: str
    paragraphs: tuple[Paragraph, ...]


def changes(form: DocumentForm, old: Mapping[str, str], new: Mapping[str, str]) -> list[FieldChange]:
    """Every field that differs between two states of a page, words before facts."""
    changed_fields = []
    for difference in differences(form, old, new, old):
        before, after = text_of(difference.theirs), text_of(difference.mine)
        if before == after:
            # A choice, a tick or an order of rows: the values say what the joined text does not.
            before, after = _listed(difference.theirs), _listed(difference.mine)
        name, field = difference.name, difference.field
        differing = lines if _is_list(field) else paragraphs
        language = "" if name.startswith(f"{FACTS}.") else name.partition(".")[0]
        changed_fields.append(FieldChange(name, language, field, _state(before, after), differing(before, after)))
    return changed_fields + list(_kept_by_desk(form, old, new))


def _kept_by_desk(form: DocumentForm, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FieldChange]:
    before, after = (mapping_of(files.get(FACTS_FILE, "")) for files in (old, new))
    for key in kept_by_desk(form.type_):
        if key == "based_on":
            continue
        was, is_ = (_flat(values.get(key)) for values in (before, after))
        if was != is_ and (old or key != "status"):
            yield FieldChange(f"{FACTS}.{key}", "", None, _state(was, is_), paragraphs(was, is_))


def _flat(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "\n\n".join(text for inner in value.values() if (text := _flat(inner)))
    return str(value)


def _listed(side: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(f"{name.rpartition('.')[2]}: {', '.join(texts)}" for name, texts in side.items())


def _state(before: str, after: str) -> str:
    if not before.strip():
        return NEW
    return CHANGED if after.strip() else GONE


def paragraphs(before: str, after: str) -> tuple[Paragraph, ...]:
    """The paragraphs that differ, each with its words; a paragraph that only moved is gone here and new there."""
    old, new = _paragraphs(before), _paragraphs(after)
    differing: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = _paired(old[i1:i2], new[j1:j2])
        for was, is_ in pairs:
            if is_ is None and was is not None:
                differing.append(Paragraph(i1 + was + 1, GONE, (Piece(REMOVED, old[i1 + was]),)))
            elif is_ is not None and was is None:
                differing.append(Paragraph(j1 + is_ + 1, NEW, (Piece(ADDED, new[j1 + is_]),)))
            elif is_ is not None and was is not None:
                differing.append(Paragraph(j1 + is_ + 1, CHANGED, words(old[i1 + was], new[j1 + is_])))
    return tuple(differing)


def lines(before: str, after: str) -> tuple[Paragraph, ...]:
    """The lines of a list that went and came, each whole; their order does not count."""
    old, new = before.split("\n"), after.split("\n")
    gone = [Paragraph(at, GONE, (Piece(REMOVED, line),)) for at, line in enumerate(old, 1) if line and line not in new]
    came = [Paragraph(at, NEW, (Piece(ADDED, line),)) for at, line in enumerate(new, 1) if line and line not in old]
    return (*gone, *came)


def _is_list(field: Field | None) -> bool:
    return field is not None and isinstance(field.part, Leaf) and field.part.widget in (schema.LINES, schema.PICKS)


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in _BLANK.split(text.strip("\n")) if part.strip()]


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Old and new paragraphs that resemble each other, in order; the rest went or came."""
    at = 0
    for number, text in enumerate(old):
        candidates = range(at, min(at + NEAR, len(new)))
        best = max(candidates, key=lambda candidate: _likeness(text, new[candidate]), default=None)
        if best is None or _likeness(text, new[best]) < 0.35:
            yield number, None
            continue
        for index in range(at, best):
            yield None, index
        yield number, best
        at = best + 1
    for index in range(at, len(new)):
        yield None, index


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one[:READ].split(), other[:READ].split(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= 0.35 else 0.0


def is_body(change: FieldChange) -> bool:
    """Whether the field is a text of several paragraphs, which are worth numbering."""
    part = change.field.part if change.field else None
    return isinstance(part, Leaf) and part.widget == schema.BODY
