"""The reference values that a text embeds in double braces, as readers see them now."""

from __future__ import annotations

from dataclasses import dataclass

from portal.content.document import Document
from portal.content_forms import choices
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import fee_text, plain_catalogue

# The kinds of embeds whose values are labelled as in pick lists, with their lists.
LISTS = {"law": "laws", "contact": "contacts", "place": "places", "term": "glossary"}


@dataclass(frozen=True)
class EmbeddedValue:
    """A value in words, and what kind of value it is."""

    words: str
    kind: str


def embedded_values(document: Document | None) -> list[EmbeddedValue]:
    """Each value once; fees first."""
    if document is None:
        return []
    embeds = {(embed.kind, embed.id) for body in document.bodies.values() for embed in body.embeds}
    fees = {id_ for kind, ids in embeds if kind in ("fee", "fees-card") for id_ in ids.split()}
    records = plain_catalogue().reference("fees")
    values = [
        EmbeddedValue(f"{record.name.text(language()) or id_}: {fee_text(id_)}", _("fee"))
        for id_ in sorted(fees)
        if (record := records.get(id_)) is not None
    ]
    kind_labels = {"law": _("rule"), "contact": _("contact"), "place": _("place"), "term": _("term")}
    for kind, name in LISTS.items():
        labels = choices.labels_of(choices.choices_of(plain_catalogue(), name, language()))
        ids = sorted(id_ for embed_kind, id_ in embeds if embed_kind in (kind, f"{kind}-card"))
        values += [EmbeddedValue(labels[id_], kind_labels[kind]) for id_ in ids if id_ in labels]
    return values
