"""Where rules are used: the documents that rest on a rule or name it in their text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from portal.content.document import PRIMARY_LANGUAGE, Document


def uses_of_rules(documents: Iterable[Document]) -> Mapping[str, list[Document]]:
    """The documents by the id of each rule that they rest on or name."""
    uses: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        named = {embed.id for embed in document.bodies[PRIMARY_LANGUAGE].embeds if embed.kind == "law"}
        for id_ in sorted({*document.facts.legal_basis, *named}):
            uses[id_].append(document)
    return uses
