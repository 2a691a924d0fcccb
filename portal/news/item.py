"""A news item: what kind of news, of which day and place, and which item it corrects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from portal.content.document import (
    ContentRule,
    Document,
    DocumentFacts,
    DocumentType,
    DocumentWords,
    LocalText,
    TopicSection,
)
from portal.content.fields import ChoiceLabels, Choices, Label
from portal.messages import N_

Form = Literal["press-release", "announcement", "story", "correction"]
FORM_LABELS = {
    "press-release": N_("Press release"),
    "announcement": N_("Announcement"),
    "story": N_("Story"),
    "correction": N_("Correction"),
}


class NewsFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day on which it was published, its number and place, and the slug of the item that it corrects."""

    form: Annotated[Form, Label(N_("Kind of news")), ChoiceLabels(FORM_LABELS)]
    published_on: Annotated[date, Label(N_("Day of publication"))]
    place: Annotated[LocalText, Label(N_("Place"))] = LocalText()
    number: Annotated[str, Label(N_("Number"), N_("The number of the press release, if it has one."))] = ""
    corrects: Annotated[str, Label(N_("Corrects this news item")), Choices("slugs:news")] = ""


NEWS = DocumentType(
    "news",
    NewsFacts,
    DocumentWords,
    plural=N_("News"),
    singular=N_("News item"),
    position=30,
    feed="publications",
    topic_section=TopicSection(N_("News"), 50),
    index_in_sitemap=True,
    rules=frozenset({ContentRule.FOUNDED_NUMBERS}),
    site_paths=("news",),
)


def newest_first(items: Iterable[Document]) -> list[Document]:
    """News items by the day of publication, the newest first; those of one day by slug."""
    return sorted(sorted(items, key=lambda item: item.slug), key=lambda item: item.facts.published_on, reverse=True)


def corrections_of(slug: str, items: Iterable[Document]) -> list[Document]:
    """The items that correct the one of that slug, the newest first."""
    return newest_first(item for item in items if item.facts.corrects == slug)
