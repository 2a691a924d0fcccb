"""A permit: a visa code or a procedure, with what it allows, for how long, and what comes next."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from portal.content.document import ContentRule, DocumentFacts, DocumentType, DocumentWords, TopicSection
from portal.content.fields import ChoiceLabels, Choices, Label, Marker
from portal.messages import N_

Kind = Literal["visa-free", "on-arrival", "visit-single", "visit-multiple", "limited-stay", "procedure"]
KINDS: tuple[Kind, ...] = (
    "visa-free",
    "on-arrival",
    "visit-single",
    "visit-multiple",
    "limited-stay",
    "procedure",
)
KIND_LABELS = {
    "visa-free": N_("Without a visa"),
    "on-arrival": N_("Visa on arrival"),
    "visit-single": N_("Visit, one entry"),
    "visit-multiple": N_("Visit, several entries"),
    "limited-stay": N_("Limited stay"),
    "procedure": N_("Procedure"),
}
ENTRIES_LABELS = {"single": N_("One entry"), "multiple": N_("Several entries"), "none": N_("None")}
Answer = Literal["yes", "no", "unknown"]
ANSWER_LABELS = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Not known")}


class Stay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long one may stay: days of the first stay and in all, or years of the permit; none = not confirmed."""

    first_days: Annotated[tuple[int, ...], Label(N_("Days of the first stay"), N_("Several numbers with commas."))] = ()
    maximum_days: Annotated[int | None, Label(N_("Days in all"))] = None
    years: Annotated[tuple[int, ...], Label(N_("Years of the permit"), N_("Several numbers with commas."))] = ()
    no_limit: Annotated[bool, Label(N_("No limit"))] = False


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether and how the stay can be made longer, and the procedure (slug) for it."""

    possible: Annotated[Answer, Label(N_("Can it be extended?")), ChoiceLabels(ANSWER_LABELS)] = "unknown"
    days: Annotated[int | None, Label(N_("Days each time"))] = None
    times: Annotated[int | None, Label(N_("How often"))] = None
    maximum_years: Annotated[tuple[int, ...], Label(N_("Years in all"), N_("Several numbers with commas."))] = ()
    procedure: Annotated[str, Label(N_("Procedure")), Choices("slugs:permits")] = ""


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When to apply, counted back from the last day; `advised` days are our advice where offices differ."""

    earliest_days: Annotated[int | None, Label(N_("At the earliest, days before"))] = None
    earliest_months: Annotated[int | None, Label(N_("At the earliest, months before"))] = None
    latest_days: Annotated[int | None, Label(N_("At the latest, days before"))] = None
    latest_is_advice: Annotated[bool, Label(N_("The latest day is advice"))] = False


class Overstay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staying too long means: the fee (id) of each day and the last day that money settles."""

    fee: Annotated[str, Label(N_("Fee")), Choices("fees")]
    limit_days: Annotated[int, Label(N_("Days that money settles"))]
    legal_basis: Annotated[
        tuple[str, ...],
        Label(N_("Rules on which it rests"), N_("Type a part of its number and choose from the list.")),
        Choices("laws"),
        Marker.ONE_LINE,
    ]


class PermitFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is true of a permit in every language."""

    code: Annotated[str, Label(N_("Code"), N_("As on the visa, such as C1."))]
    form: Annotated[Kind, Label(N_("Kind of permit")), ChoiceLabels(KIND_LABELS)]
    entries: Annotated[Literal["single", "multiple", "none"], Label(N_("Entries")), ChoiceLabels(ENTRIES_LABELS)] = (
        "single"
    )
    stay: Annotated[Stay, Label(N_("Stay"))] = Stay()
    extension: Annotated[Extension, Label(N_("Extension"))] = Extension()
    convertible: Annotated[Answer, Label(N_("Can it become another permit?")), ChoiceLabels(ANSWER_LABELS)] = "unknown"
    guarantor: Annotated[Answer, Label(N_("Is a guarantor needed?")), ChoiceLabels(ANSWER_LABELS)] = "unknown"
    route: Annotated[
        str,
        Label(N_("How to apply"), N_("The place and the steps that many permits share; empty if it has its own.")),
        Choices("permit-routes"),
    ] = ""
    limits: Annotated[
        tuple[str, ...],
        Label(N_("What no such visit allows"), N_("Shown before the lines of the page itself.")),
        Choices("permit-limits"),
        Marker.ONE_LINE,
    ] = ()
    papers: Annotated[
        tuple[str, ...],
        Label(N_("Documents that many permits need"), N_("Shown before the lines of the page itself.")),
        Choices("permit-papers"),
        Marker.ONE_LINE,
    ] = ()
    purposes: Annotated[
        tuple[str, ...], Label(N_("Purposes in the finder"), N_("One a line, as the finder writes them."))
    ] = ()
    open_to: Annotated[tuple[str, ...], Label(N_("Lists of nationalities"), N_("One a line."))] = ()
    variant_of: Annotated[str, Label(N_("Variant of")), Choices("slugs:permits")] = ""
    fees: Annotated[
        tuple[str, ...],
        Label(N_("Fees that the page names"), N_("Choose from the list; amounts and dates follow by themselves.")),
        Choices("fees"),
        Marker.ONE_LINE,
    ] = ()
    articles: Annotated[
        dict[str, str],
        Label(N_("Articles of the rules"), N_("The id of a rule, a colon, the article; one a line.")),
        Marker.AS_YAML,
    ] = msgspec.field(default_factory=dict)
    official_page: Annotated[str, Label(N_("Official page"))] = ""
    old_codes: Annotated[tuple[str, ...], Label(N_("Old codes"), N_("One a line."))] = ()
    next: Annotated[tuple[str, ...], Label(N_("What comes next")), Choices("slugs:permits"), Marker.ONE_LINE] = ()
    window: Annotated[Window | None, Label(N_("When to apply"))] = None
    overstay: Annotated[Overstay | None, Label(N_("Staying too long"))] = None


class PermitWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a permit page says in one language beside its body."""

    may: Annotated[tuple[str, ...], Label(N_("What one may do with it"), N_("One a line."))] = ()
    may_not: Annotated[tuple[str, ...], Label(N_("What one may not do"), N_("One a line."))] = ()
    who: Annotated[str, Label(N_("Who")), Marker.LONG_TEXT] = ""
    guarantor: Annotated[str, Label(N_("Is a guarantor needed?")), Marker.LONG_TEXT] = ""
    where: Annotated[str, Label(N_("Where")), Marker.LONG_TEXT] = ""
    documents: Annotated[tuple[str, ...], Label(N_("Documents"), N_("One a line."))] = ()
    unconfirmed: Annotated[
        tuple[str, ...], Label(N_("What the office has still to confirm"), N_("One a line. Readers see it."))
    ] = ()


PERMIT = DocumentType(
    "permits",
    PermitFacts,
    PermitWords,
    plural=N_("Permits"),
    singular=N_("Permit"),
    position=80,
    home_position=20,
    topic_section=TopicSection(N_("Permits"), 30),
    rules=frozenset({ContentRule.EMBEDDED_VALUES, ContentRule.LEGAL_BASIS, ContentRule.FOUNDED_NUMBERS}),
)
