"""The documents that belong to the site as a whole: pages of the office, and alerts."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from portal.content.document import ContentRule, DocumentFacts, DocumentType, Instant, TopicSection
from portal.content.fields import ChoiceLabels, Label
from portal.messages import N_

Severity = Literal["emergency", "major", "notice"]
SEVERITY_LABELS = {"emergency": N_("Emergency"), "major": N_("Important"), "notice": N_("Notice")}


class AlertFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How grave it is, from when to when it holds, and on which pages: `site`, or keys and kinds."""

    severity: Annotated[Severity, Label(N_("How grave")), ChoiceLabels(SEVERITY_LABELS)]
    starts: Annotated[Instant, Label(N_("Starts"), N_("Time of the office."))]
    ends: Annotated[Instant, Label(N_("Ends"), N_("Time of the office."))]
    on: Annotated[
        Literal["site"] | Annotated[tuple[str, ...], msgspec.Meta(min_length=1)],
        Label(N_("On which pages"), N_("The word site for all pages, or page names such as faq/name, one a line.")),
    ] = "site"


PAGE = DocumentType(
    "pages",
    plural=N_("Pages of the office"),
    singular=N_("Page of the office"),
    position=40,
    home_position=40,
    topic_section=TopicSection(N_("The office"), 60),
    rules=frozenset({ContentRule.EMBEDDED_VALUES}),
    site_paths=("topics", "glossary", "laws", "fees", "coverage"),
    at_root=True,
)
ALERT = DocumentType(
    "alerts",
    AlertFacts,
    plural=N_("Alerts"),
    singular=N_("Alert"),
    position=50,
    feed="nothing",
    is_transient=True,
    page_needs_text=True,
)
