"""Fees as a list: under the topics of the pages that name them, each with the values that held before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from portal.content.document import PRIMARY_LANGUAGE, Document
from portal.content.reference import DatedValue


def topics_of_fees(fees: Iterable[str], documents: Sequence[Document]) -> Mapping[str, list[str]]:
    """Fee ids by the topic of the first document that names them; guides come first; unnamed fees have the topic ''."""
    topics: dict[str, str] = {}
    for document in sorted(documents, key=lambda document: (not hasattr(document.facts, "fees"), document.slug)):
        topic = next(iter(document.facts.topics), "")
        for id_ in fees_named_by(document):
            topics.setdefault(id_, topic)
    by_topic: dict[str, list[str]] = defaultdict(list)
    for id_ in fees:
        by_topic[topics.get(id_, "")].append(id_)
    return by_topic


def fees_named_by(document: Document) -> list[str]:
    """The ids of the fees that a document lists or embeds, in its order."""
    ids = list(getattr(document.facts, "fees", ()))
    for embed in document.bodies[PRIMARY_LANGUAGE].embeds:
        if embed.kind == "fee":
            ids.append(embed.id)
        elif embed.kind == "fees-card":
            ids += embed.id.split()
    return list(dict.fromkeys(ids))


def history(values: Sequence[DatedValue]) -> list[DatedValue]:
    """The known values, the newest first; empty when there is but one, since the page shows that already."""
    known = [value for value in values if value.is_known]
    return sorted(known, key=lambda value: str(value.valid_from or ""), reverse=True) if len(known) > 1 else []
