"""A question with its answer, or with what is known until there is one."""

from __future__ import annotations

from typing import Annotated

from portal.content.document import ContentRule, DocumentFacts, DocumentType, DocumentWords, TopicSection
from portal.content.fields import Label, Marker
from portal.messages import N_


class QuestionFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that no source answers says so until the office does; its words name what is still open."""

    unanswered: Annotated[
        bool, Label(N_("Not answered yet"), N_("The page says what is known and whom to ask; it invents no answer."))
    ] = False


class QuestionWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The title is the question, the summary its answer in one sentence."""

    summary: Annotated[
        str,
        Label(N_("The answer in one sentence"), N_("Begin with the answer itself. Details come in the text below.")),
        Marker.LONG_TEXT,
    ] = ""
    unconfirmed: Annotated[
        tuple[str, ...], Label(N_("What the office has still to confirm"), N_("One a line. Readers see it."))
    ] = ()


QUESTION = DocumentType(
    "faq",
    QuestionFacts,
    QuestionWords,
    plural=N_("Questions and answers"),
    singular=N_("Question"),
    position=10,
    home_position=30,
    topic_section=TopicSection(N_("Questions and answers"), 20),
    index_in_sitemap=True,
    rules=frozenset(
        {
            ContentRule.EMBEDDED_VALUES,
            ContentRule.FOUNDED_NUMBERS,
            ContentRule.REACHABLE,
            ContentRule.LEGAL_BASIS,
            ContentRule.KEYWORDS,
        }
    ),
    site_paths=("faq",),
    answers_searches=True,
)
