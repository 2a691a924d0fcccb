"""What a field of a document type says about itself to staff forms, as annotations beside its type.

    corrects: Annotated[str, Label(N_("Corrects this news item")), Choices("slugs:news")] = ""

Reading and checking content ignores them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import get_type_hints

# The source of choices that offers every document by its key, `kind/slug`.
KEYS = "keys"


@dataclass(frozen=True)
class Label:
    """What a field is called, and what it is for where that is not plain; both are messages of the catalogues."""

    text: str
    help: str = ""


@dataclass(frozen=True)
class Choices:
    """The value is an id, or a list of ids: of a reference, of the documents of a kind (`slugs:<kind>`), or KEYS."""

    source: str


@dataclass(frozen=True)
class ChoiceLabels:
    """What the values of a Literal are called: messages by value."""

    messages: Mapping[str, str]


@dataclass(frozen=True)
class Subfields:
    """The keys that a mapping of texts may hold, in their order on the form."""

    labels: Mapping[str, Label]


class Marker(Enum):
    """How a field is kept or shown where its type does not tell."""

    # Changed by actions such as publishing or withdrawing alone; on no form.
    KEPT_BY_DESK = auto()
    # A text of one or several sentences.
    LONG_TEXT = auto()
    # A list that is written in one line of its file.
    ONE_LINE = auto()
    # Shown as it is written.
    AS_YAML = auto()


@dataclass(frozen=True)
class FieldAnnotations:
    """The annotations of one field."""

    label: Label | None = None
    source: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    subfields: Mapping[str, Label] = field(default_factory=dict)
    markers: frozenset[Marker] = frozenset()


@lru_cache(maxsize=256)
def annotations_of(record: type) -> Mapping[str, FieldAnnotations]:
    """The annotations of every field of a record by the field's name. Kept per type for the life of the process."""
    hints = get_type_hints(record, include_extras=True)
    return {name: _field_annotations(getattr(hint, "__metadata__", ())) for name, hint in hints.items()}


def _field_annotations(metadata: tuple[object, ...]) -> FieldAnnotations:
    return FieldAnnotations(
        label=next((one for one in metadata if isinstance(one, Label)), None),
        source=next((one.source for one in metadata if isinstance(one, Choices)), ""),
        choices=next((one.messages for one in metadata if isinstance(one, ChoiceLabels)), {}),
        subfields=next((one.labels for one in metadata if isinstance(one, Subfields)), {}),
        markers=frozenset(one for one in metadata if isinstance(one, Marker)),
    )
