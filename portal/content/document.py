"""The shape of every content item: facts that hold in each language, and words in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto
from typing import Annotated, Any, Literal

import msgspec

from portal.content.fields import KEYS, ChoiceLabels, Choices, Label, Marker
from portal.content.markdown.body import Body
from portal.messages import N_

PRIMARY_LANGUAGE = "id"

Status = Literal["draft", "published", "withdrawn"]
Certainty = Literal["sourced", "check", "ask-office"]
CERTAINTIES: tuple[Certainty, ...] = ("ask-office", "check", "sourced")
CERTAINTY_LABELS = {
    "sourced": N_("Has a source"),
    "check": N_("To be confirmed by the office"),
    "ask-office": N_("Ask the office"),
}
# The Markdown of a page stands below the front matter, so no field of a record holds it.
BODY_LABEL = Label(
    N_("Text"),
    N_("Amounts, rules and phone numbers come from lists: use the buttons. Headings begin with ##."),
)


class LocalText(dict[str, str]):
    """One text by language code, as facts and references hold it."""

    def text(self, language: str) -> str:
        """The text in that language, else in the primary one, else nothing."""
        return text_in(self, language)


def text_in(texts: str | Mapping[str, str], language: str) -> str:
    """The text in that language, else in the primary one, else nothing; a plain text is the same in every language."""
    return texts if isinstance(texts, str) else texts.get(language) or texts.get(PRIMARY_LANGUAGE) or ""


class Instant(datetime):
    """A moment written in content: an ISO time with offset, or a date or time in the office's zone."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a statement comes from; `date` is as the source gives it, so it is text."""

    url: Annotated[str, Label(N_("Address"))]
    date: Annotated[str, Label(N_("Date as the source gives it"))] = ""
    kind: Annotated[str, Label(N_("Kind"))] = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the public history of a document, in the language of its words."""

    on: Annotated[date, Label(N_("Day"))]
    note: Annotated[str, Label(N_("What changed"))]


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a page is no longer valid, and the key (`kind/slug`) of the page that follows it."""

    reason: LocalText
    successor: str = ""


class DocumentFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys that facts.yaml may hold for every kind; a feature adds its own by inheriting."""

    status: Annotated[Status, Marker.KEPT_BY_DESK] = "draft"
    publish_from: Annotated[Instant | None, Label(N_("Public from"), N_("Leave blank to publish at once."))] = None
    publish_until: Annotated[Instant | None, Label(N_("Public until"), N_("Leave blank for pages that stay."))] = None
    withdrawn: Annotated[Withdrawal | None, Marker.KEPT_BY_DESK] = None
    topics: Annotated[
        tuple[str, ...],
        Label(N_("Topics"), N_("The first one decides in which list the page stands.")),
        Choices("topics"),
        Marker.ONE_LINE,
    ] = ()
    audience: Annotated[tuple[str, ...], Label(N_("For whom")), Choices("audiences"), Marker.ONE_LINE] = ()
    legal_basis: Annotated[
        tuple[str, ...],
        Label(N_("Rules on which it rests"), N_("Type a part of its number and choose from the list.")),
        Choices("laws"),
        Marker.ONE_LINE,
    ] = ()
    review_by: Annotated[
        date | None, Label(N_("Read again by"), N_("On this day the desk asks for the page to be read again."))
    ] = None
    quick_exit: Annotated[
        bool,
        Label(
            N_("Link to leave the page at once"),
            N_("For pages that are dangerous to be seen reading: trafficking, exploitation, complaints."),
        ),
    ] = False
    checked_on: Annotated[
        date | None,
        Label(N_("Checked by the office on"), N_("Only when somebody at the office confirmed what the page says.")),
    ] = None
    owner: Annotated[str, Label(N_("Who looks after it"), N_("A role or a team, not the name of a person."))] = ""
    certainty: Annotated[Certainty, Label(N_("How sure this is")), ChoiceLabels(CERTAINTY_LABELS)] = "sourced"
    facts: Annotated[
        tuple[str, ...],
        Label(N_("Facts of the register"), N_("The entries from which the page takes its figures and dates.")),
        Choices("facts"),
    ] = ()
    sources: Annotated[
        tuple[Source, ...], Label(N_("Further sources"), N_("Only sources that the register does not have."))
    ] = ()
    related: Annotated[
        tuple[str, ...],
        Label(N_("Related pages"), N_("Type a word of the title and choose from the list.")),
        Choices(KEYS),
    ] = ()
    doors: Annotated[
        tuple[str, ...],
        Label(N_("Official services to which it leads"), N_("Each becomes a button to the service.")),
        Choices("contacts"),
    ] = ()
    sample: Annotated[bool, Label(N_("A sample only"), N_("Marks the page as an example that is not real."))] = False
    based_on: Annotated[str, Marker.KEPT_BY_DESK] = ""


class DocumentWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of one language's words."""

    title: Annotated[
        str, Label(N_("Title"), N_("Short and in the reader’s words: what would they type into the search?"))
    ]
    summary: Annotated[
        str,
        Label(N_("Summary"), N_("One sentence that gives the answer. It stands in lists and search results.")),
        Marker.LONG_TEXT,
    ] = ""
    keywords: Annotated[
        tuple[str, ...],
        Label(
            N_("Other words people search for"), N_("One a line, also misspelt or in local speech. Nobody sees them.")
        ),
        Marker.ONE_LINE,
    ] = ()
    changes: Annotated[
        tuple[Change, ...],
        Label(
            N_("What changed, for readers"),
            N_("One line for each change that matters. Leave it out for typing errors."),
        ),
    ] = ()
    translates: Annotated[str, Marker.KEPT_BY_DESK] = ""


class ContentRule(Enum):
    """What is asked of the documents of a kind beyond what holds for all of them."""

    # Amounts, telephone numbers and laws are embedded rather than typed, and no date has passed.
    EMBEDDED_VALUES = auto()
    # Each number is an embedded value or stands in a cited fact.
    FOUNDED_NUMBERS = auto()
    # A published document has a topic, or another page links to it.
    REACHABLE = auto()
    # Counted in the content report where they are missing.
    LEGAL_BASIS = auto()
    KEYWORDS = auto()


@dataclass(frozen=True)
class TopicSection:
    """The list of one kind on the page of a topic: its heading, a message, and its place among the lists."""

    title: str
    position: int


@dataclass(frozen=True)
class DocumentType:
    """A kind of document: its folder, its typed facts and words, and where the site lists documents of the kind.

    `has_parts` says that the parts of a document have addresses of their own. `plural` and `singular` are messages;
    `position` is the place among the kinds on staff pages. The feed of the whole site tells of `changes`, of
    `publications` (facts with `published_on`), or of nothing. `home_position` is the place among what changed on the
    same day on the front page; None keeps the kind off that list. Documents that are `transient` come and go within
    days: they stand on no page of a topic and not in the sitemap. `index_in_sitemap` adds the list at `<kind>/` to it.
    Checks of the content apply `rules` to its documents and let links lead to `site_paths`, pages of the feature that
    are no documents. Documents of a kind `at_root` have addresses without the kind.
    A search without an answer may begin a document of the kind that `answers_searches`. Where `page_needs_text`, a
    document without a text has no page of its own.
    """

    kind: str
    facts: type[DocumentFacts] = DocumentFacts
    words: type[DocumentWords] = DocumentWords
    has_parts: bool = False
    plural: str = ""
    singular: str = ""
    position: int = 0
    feed: Literal["changes", "publications", "nothing"] = "changes"
    home_position: int | None = None
    topic_section: TopicSection | None = None
    is_transient: bool = False
    rules: frozenset[ContentRule] = frozenset()
    site_paths: tuple[str, ...] = ()
    at_root: bool = False
    index_in_sitemap: bool = False
    answers_searches: bool = False
    page_needs_text: bool = False


@dataclass(frozen=True)
class DocumentText:
    """The words shown to a reader; `is_fallback` when their language is not the one asked for."""

    words: Any
    bodies: Mapping[str, Body]
    language: str
    is_fallback: bool

    @property
    def body(self) -> Body:
        """The rendered text; lists that show titles only never ask for it."""
        return self.bodies[self.language]


@dataclass(frozen=True)
class Scheduled:
    """A whole version of a public document that takes over at `at`."""

    at: datetime
    document: Document


@dataclass(frozen=True, eq=False)
class Document:
    """One content item; equal only to itself, so a changed file is a new document."""

    kind: str
    slug: str
    facts: Any
    words: Mapping[str, Any]
    bodies: Mapping[str, Body]
    hash: str
    source_hashes: Mapping[str, str] = field(default_factory=dict)
    scheduled: tuple[Scheduled, ...] = ()

    @property
    def key(self) -> str:
        """`kind/slug`, the name by which other documents refer to this one."""
        return f"{self.kind}/{self.slug}"

    def words_in(self, language: str) -> DocumentText:
        """The words in that language, or the Indonesian ones marked as a fallback."""
        used = language if language in self.words else PRIMARY_LANGUAGE
        return DocumentText(self.words[used], self.bodies, used, used != language)

    def title(self, language: str) -> str:
        """The title in that language, or in Indonesian where there is none."""
        return str(self.words_in(language).words.title)

    def is_outdated(self, language: str) -> bool:
        """Whether these words translate an older Indonesian text than today's."""
        words = self.words.get(language)
        if words is None or language == PRIMARY_LANGUAGE:
            return False
        return bool(words.translates != self.bodies[PRIMARY_LANGUAGE].translatable)

    def version_at(self, now: datetime) -> Document:
        """The version that readers see at `now`: this one, or the last scheduled one that has begun."""
        begun = [version for version in self.scheduled if version.at <= now]
        return begun[-1].document if begun else self
