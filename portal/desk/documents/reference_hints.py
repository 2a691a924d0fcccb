"""The values that a text takes from the lists, as readers see them now: what the marks in double braces stand for."""

from __future__ import annotations

from collections.abc import Mapping

from portal.content.document import Document
from portal.content_forms import choices
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import fee_text, plain_catalogue

LISTS = {"law": "laws", "contact": "contacts", "place": "places", "term": "glossary"}


def values_in(document: Document | None) -> list[dict[str, str]]:
    """Each value once: the words that people know it by, and what kind of value it is."""
    if document is None:
        return []
    used = {(embed.kind, embed.id) for body in document.bodies.values() for embed in body.embeds}
    fees = {one for kind, id_ in used if kind in ("fee", "fees-card") for one in id_.split()}
    known = plain_catalogue().reference("fees")
    found = [
        {
            "words": f"{known[id_].name.get(language()) or known[id_].name.get('id', id_)}: {fee_text(id_)}",
            "kind": _("fee"),
        }
        for id_ in sorted(fees)
        if id_ in known
    ]
    kinds = _kinds()
    for kind, name in LISTS.items():
        labels = choices.labels_of(choices.choices_of(plain_catalogue(), name, language()))
        ids = sorted(id_ for one, id_ in used if one in (kind, f"{kind}-card"))
        found += [{"words": labels[id_], "kind": kinds[kind]} for id_ in ids if id_ in labels]
    return found


def _kinds() -> Mapping[str, str]:
    return {"law": _("rule"), "contact": _("contact"), "place": _("place"), "term": _("term")}
