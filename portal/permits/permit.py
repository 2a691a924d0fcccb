"""A permit: a visa code or a procedure, with what it allows, for how long, and what comes next."""

from __future__ import annotations

from typing import Literal

import msgspec

from portal.content.document import DocumentFacts, DocumentType, DocumentWords

Kind = Literal["visa-free", "on-arrival", "visit-single", "visit-multiple", "limited-stay", "procedure"]
KINDS: tuple[Kind, ...] = (
    "visa-free",
    "on-arrival",
    "visit-single",
    "visit-multiple",
    "limited-stay",
    "procedure",
)
Answer = Literal["yes", "no", "unknown"]


class Stay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long one may stay: days of the first stay and in all, or years of the permit; none = not confirmed."""

    first_days: tuple[int, ...] = ()
    maximum_days: int | None = None
    years: tuple[int, ...] = ()
    no_limit: bool = False


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether and how the stay can be made longer, and the procedure (slug) for it."""

    possible: Answer = "unknown"
    days: int | None = None
    times: int | None = None
    maximum_years: tuple[int, ...] = ()
    procedure: str = ""


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When to apply, counted back from the last day; `advised` days are our advice where offices differ."""

    earliest_days: int | None = None
    earliest_months: int | None = None
    latest_days: int | None = None
    latest_is_advice: bool = False


class Overstay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staying too long means: the fee (id) of each day and the last day that money settles."""

    fee: str
    limit_days: int
    legal_basis: tuple[str, ...]


class PermitFacts(DocumentFacts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is true of a permit in every language."""

    code: str
    form: Kind
    entries: Literal["single", "multiple", "none"] = "single"
    stay: Stay = Stay()
    extension: Extension = Extension()
    convertible: Answer = "unknown"
    guarantor: Answer = "unknown"
    purposes: tuple[str, ...] = ()
    open_to: tuple[str, ...] = ()
    variant_of: str = ""
    fees: tuple[str, ...] = ()
    articles: dict[str, str] = msgspec.field(default_factory=dict)
    official_page: str = ""
    old_codes: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    window: Window | None = None
    overstay: Overstay | None = None


class PermitWords(DocumentWords, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a permit page says in one language beside its body."""

    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()
    who: str = ""
    guarantor: str = ""
    where: str = ""
    documents: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


PERMIT = DocumentType("permits", PermitFacts, PermitWords)
