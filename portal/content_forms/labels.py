"""What fields are called: the labels that stand beside them in their document types, found by dotted name."""

from __future__ import annotations

from portal.content.document import DocumentType
from portal.content.fields import Label
from portal.content_forms.schema import FACTS, Leaf, facts_parts, words_parts


def field_label(type_: DocumentType, name: str) -> Label:
    """The label of a field by its dotted name, such as `facts.stay.years` or `id.changes.0.on`.

    Where the name leads below the last field that is known, such as to the language of a text, that field's label
    counts; a name that is not known at all is its own label.
    """
    root, *keys = name.split(".")
    parts = facts_parts(type_, ()) if root == FACTS else words_parts(type_)
    label = Label((keys[-1] if keys else root).replace("_", " "))
    for key in keys:
        part = next((part for part in parts if part.key == key), None)
        if part is None:
            # The number of a row or the tick of an optional box.
            continue
        label, parts = part.label, () if isinstance(part, Leaf) else part.parts
    return label
