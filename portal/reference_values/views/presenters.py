"""Values as pages of the desk show them: their names, what holds, what is announced, and where each is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from portal.content.catalogue import Catalogue
from portal.content.document import text_in
from portal.content.reference import Contact, DatedValue, Fee, Law, on_day
from portal.content_forms.labels import field_label
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, REVIEW
from portal.languages import formatting
from portal.reference_values.changes import Change, DatedChange, HolidayChange, LawChange, from_stored
from portal.reference_values.models import ValueChange
from portal.reference_values.uses import Use, Uses
from portal.timetable.holidays import HolidayRecord
from portal.web.documents.embeds import fee_words, text_of
from portal.web.languages import force_locale, language
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.state import portal

Record = Fee | Contact | Law | HolidayRecord | None


class Choice(TypedDict):
    """An option of a select field."""

    value: str
    label: str


@dataclass(frozen=True)
class ChangeRow:
    """A change on its way in a list; `pill` is the style of its state."""

    title: str
    words: str
    href: str
    state: str
    pill: str


@dataclass(frozen=True)
class RecordRow:
    """A record in a list, with its open change."""

    title: str
    detail: str
    href: str
    change: ChangeRow | None

    @property
    def searched(self) -> str:
        """The text in which a search looks."""
        return f"{self.title} {self.detail}".casefold()


@dataclass(frozen=True)
class ValueRow:
    """One dated value of a record."""

    value: str
    starts: str
    ends: str
    basis: str
    is_new: bool


@dataclass(frozen=True)
class ReaderTexts:
    """What readers of one language are told, as pairs of day and text."""

    code: str
    name: str
    texts: list[tuple[str, str]]


@dataclass(frozen=True)
class PreviewLink:
    """A page in one language, as it will be."""

    name: str
    code: str
    href: str


@dataclass(frozen=True)
class UseRow:
    """A page that shows the value, and where on it."""

    title: str
    state: str
    where: str
    languages: list[PreviewLink]


@dataclass(frozen=True)
class UseGroup:
    """The pages of one kind that show the value."""

    title: str
    rows: list[UseRow]


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome of a feature that shows the value."""

    code: str
    title: str


@dataclass(frozen=True)
class ListedRow:
    """A record of another list that names the value."""

    label: str
    where: str


@dataclass(frozen=True)
class UsesView:
    """Everything that shows the value; `count` of all, `pages` of the documents."""

    groups: list[UseGroup]
    outcomes: list[OutcomeRow]
    listed: list[ListedRow]
    count: int
    pages: int


def reference_label(reference: str) -> str:
    """The name of a list of values."""
    return {
        "fees": _("Fees"),
        "laws": _("Rules and laws"),
        "contacts": _("Contacts"),
        "holidays": _("Holidays"),
    }[reference]


def add_label(reference: str) -> str:
    """The words for adding to a list; empty where nothing is added on the desk."""
    return {"laws": _("Add a rule"), "holidays": _("Add a holiday")}.get(reference, "")


def holiday_kind_label(kind: str) -> str:
    """What kind of day a holiday is."""
    return {
        "national": _("National holiday"),
        "collective-leave": _("Collective leave"),
        "regional": _("Regional holiday"),
    }[kind]


def title_of(reference: str, record: Record, id_: str = "") -> str:
    """The name by which people know a record."""
    if isinstance(record, Law):
        return record.number
    if record is None:
        return add_label(reference) or id_
    return text_of(record.name)


def summary_of(record: Record, today: date) -> str:
    """What holds now and what is announced, in a line."""
    if isinstance(record, Fee):
        return fee_words(on_day(record.values, today), language())
    if isinstance(record, Contact):
        view = on_day(record.values, today)
        now = value_words(view.current)
        if view.upcoming and view.upcoming.valid_from:
            day = formatting.day(view.upcoming.valid_from, language())
            return f"{now}; " + _("from %(day)s: %(amount)s", day=day, amount=value_words(view.upcoming))
        return now
    if isinstance(record, HolidayRecord):
        day = formatting.day(record.day, language(), weekday=True) if record.day else _("not announced")
        return f"{day}, {holiday_kind_label(record.kind)}" + (f" ({_('estimated')})" if record.estimated else "")
    return text_of(record.title) if isinstance(record, Law) else ""


def value_words(value: DatedValue | None) -> str:
    """A value as the desk shows it."""
    if value is None or not value.is_known:
        return _("not known")
    return formatting.money(value.value, language()) if isinstance(value.value, int) else str(value.value)


def value_rows(before: Sequence[DatedValue], after: Sequence[DatedValue]) -> list[ValueRow]:
    """The values of a record in the order of their days; `is_new` marks those that the change makes or ends."""
    return [
        ValueRow(
            value=value_words(value),
            starts=_day(value.valid_from),
            ends=_day(value.valid_to),
            basis=", ".join(_number(id_) for id_ in value.legal_basis),
            is_new=value not in before,
        )
        for value in sorted(after, key=lambda value: value.valid_from or date.min)
    ]


def change_row(change: ValueChange) -> ChangeRow:
    """A change on its way as lists show it."""
    record = plain_catalogue().reference(change.reference).get(change.record)
    return ChangeRow(
        title=f"{reference_label(change.reference)}: {title_of(change.reference, record, change.record)}",
        words=change_words(from_stored(change.change)),
        href=url("reference_values.change", id_=change.id),
        state=state_label(change.state),
        pill={REVIEW: "review", APPROVED: "current"}.get(change.state, "draft"),
    )


def _number(id_: str) -> str:
    law = plain_catalogue().reference("laws").get(id_)
    return str(law.number) if law else id_


def _day(day: date | None) -> str:
    return formatting.short_day(day, language()) if day else ""


def change_words(change: Change) -> str:
    """What a change does, in a sentence."""
    day = formatting.day(change.starts, language(), weekday=isinstance(change, HolidayChange))
    if isinstance(change, DatedChange):
        shown = value_words(DatedValue(value=change.value))
        return _("from %(day)s: %(amount)s", day=day, amount=shown)
    if isinstance(change, LawChange):
        number = change.number or _number(change.by)
        if change.action == "new":
            return _("%(number)s holds from %(day)s", number=number, day=day)
        if change.action == "replaced":
            return _("replaced by %(number)s from %(day)s", number=number, day=day)
        return _("amended by %(number)s", number=number)
    if change.removed:
        return _("is no holiday any more")
    shown = f"{day}: {text_of(change.name)}, {holiday_kind_label(change.kind)}"
    return shown + (f" ({_('estimated')})" if change.estimated else "")


def reader_texts(record: Record, days: Sequence[date]) -> list[ReaderTexts]:
    """What readers of each language are told about a fee on these days; empty for other records."""
    if not isinstance(record, Fee):
        return []
    languages = []
    for one in plain_catalogue().site.languages:
        with force_locale(one.code):
            texts = [(formatting.day(day, one.code), fee_words(on_day(record.values, day), one.code)) for day in days]
        languages.append(ReaderTexts(one.code, one.name, texts))
    return languages


def uses_view(uses: Uses, catalogue: Catalogue, change_id: str, at: date) -> UsesView:
    """The uses by kind of page; each page with a link to it, as of that day, in every language that shows the value."""
    names = {one.code: one.name for one in catalogue.site.languages}
    groups: dict[str, list[UseRow]] = {}
    for use in uses.pages:
        groups.setdefault(use.document.kind, []).append(_use_row(use, names, change_id, at))
    return UsesView(
        groups=[UseGroup(_(portal().types[kind].plural), rows) for kind, rows in groups.items()],
        outcomes=[OutcomeRow(code, page.title(language()) if page else code) for code, page in uses.outcomes],
        listed=[ListedRow(text_in(one.label, language()) or one.id, _list_label(one.reference)) for one in uses.listed],
        count=len(uses.pages) + len(uses.outcomes) + len(uses.listed),
        pages=len(uses.pages),
    )


def _use_row(use: Use, names: Mapping[str, str], change_id: str, at: date) -> UseRow:
    document = use.document
    where = [_(field_label(portal().types[document.kind], f"words.box.{key}").text) for key in use.boxes]
    if use.in_facts:
        where.append(_("facts"))
    query = f"?page={document.key}&at={at.isoformat()}"
    return UseRow(
        title=document.title(language()),
        state="" if document.facts.status == "published" else _("Kept back"),
        where=", ".join(where),
        languages=[
            PreviewLink(names.get(code, code), code, url("reference_values.preview", id_=change_id, lang=code) + query)
            for code in use.languages
        ],
    )


def _list_label(reference: str) -> str:
    if reference.startswith("finder") or reference == "nationality-lists":
        return _("Visa finder")
    known = {"fees": _("Fees"), "contacts": _("Contacts"), "glossary": _("Glossary"), "places": _("Places")}
    return known.get(reference) or {"facts": _("Register of facts"), "laws": _("Rules and laws")}.get(
        reference, reference
    )
