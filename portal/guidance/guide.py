"""A guide: a summary box of facts, then parts."""

from __future__ import annotations

from typing import Annotated

from portal.content.document import ContentRule, DocumentFacts, DocumentType, DocumentWords, TopicSection
from portal.content.fields import Choices, Label, Marker, Subfields
from portal.messages import N_

BOX = {
    "who": Label(N_("Who")),
    "cost": Label(N_("Cost"), N_("Insert the fee with {{ fee:… }}, so that it stays right.")),
    "time": Label(N_("How long it takes")),
    "how": Label(N_("How")),
    "where": Label(N_("Where")),
    "bring": Label(N_("What to bring")),
}


class GuideFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fees that the guide names and the questions that belong to it."""

    fees: Annotated[
        tuple[str, ...],
        Label(N_("Fees that the page names"), N_("Choose from the list; amounts and dates follow by themselves.")),
        Choices("fees"),
        Marker.ONE_LINE,
    ] = ()


class GuideWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The summary box in inline Markdown, and what the office has still to confirm."""

    box: Annotated[
        dict[str, str],
        Label(N_("Summary box"), N_("Short answers at the top of the page. Leave out what does not apply.")),
        Subfields(BOX),
    ] = {}
    unconfirmed: Annotated[
        tuple[str, ...], Label(N_("What the office has still to confirm"), N_("One a line. Readers see it."))
    ] = ()


GUIDE = DocumentType(
    "guidance",
    GuideFacts,
    GuideWords,
    has_parts=True,
    plural=N_("Guides"),
    singular=N_("Guide"),
    position=20,
    home_position=10,
    topic_section=TopicSection(N_("Guides"), 10),
    index_in_sitemap=True,
    rules=frozenset(
        {ContentRule.EMBEDDED_VALUES, ContentRule.FOUNDED_NUMBERS, ContentRule.REACHABLE, ContentRule.LEGAL_BASIS}
    ),
    site_paths=("guidance",),
)
