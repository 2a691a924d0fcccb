"""Values as pages of the desk show them: their names, what holds, what is announced, and where each is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.content.catalogue import Catalogue
from portal.content.reference import Contact, DatedValue, Fee, Law, on_day
from portal.content_forms.labels import field_label
from portal.languages import formatting
from portal.reference_values.changes import Change, DatedChange, HolidayChange, LawChange
from portal.reference_values.uses import Use, Uses
from portal.timetable.holidays import HolidayRecord
from portal.web.documents.embeds import fee_words, text_of
from portal.web.languages import force_locale, language
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.state import portal


def reference_words(reference: str) -> str:
    """The name of a list of values."""
    return {
        "fees": _("Fees"),
        "laws": _("Rules and laws"),
        "contacts": _("Contacts"),
        "holidays": _("Holidays"),
    }[reference]


def new_words(reference: str) -> str:
    """The words for adding to a list; empty where nothing is added on the desk."""
    return {"laws": _("Add a rule"), "holidays": _("Add a holiday")}.get(reference, "")


def kind_words(kind: str) -> str:
    """What kind of day a holiday is."""
    return {
        "national": _("National holiday"),
        "collective-leave": _("Collective leave"),
        "regional": _("Regional holiday"),
    }[kind]


def title_of(reference: str, record: Any, id_: str = "") -> str:
    """The name by which people know a record."""
    if isinstance(record, Law):
        return record.number
    if record is None:
        return new_words(reference) or id_
    return text_of(record.name)


def detail_of(record: Any, today: date) -> str:
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
        return f"{day}, {kind_words(record.kind)}" + (f" ({_('estimated')})" if record.estimated else "")
    return text_of(record.title) if isinstance(record, Law) else ""


def value_words(value: DatedValue | None) -> str:
    """A value as the desk shows it."""
    if value is None or not value.is_known:
        return _("not known")
    return formatting.money(value.value, language()) if isinstance(value.value, int) else str(value.value)


def rows_of(before: Sequence[DatedValue], after: Sequence[DatedValue]) -> list[dict[str, Any]]:
    """The values of a record in the order of their days; `is_new` marks those that the change makes or ends."""
    return [
        {
            "value": value_words(value),
            "from": _day(value.valid_from),
            "to": _day(value.valid_to),
            "basis": ", ".join(_number(id_) for id_ in value.legal_basis),
            "is_new": value not in before,
        }
        for value in sorted(after, key=lambda value: value.valid_from or date.min)
    ]


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
        if change.deed == "new":
            return _("%(number)s holds from %(day)s", number=number, day=day)
        if change.deed == "replaced":
            return _("replaced by %(number)s from %(day)s", number=number, day=day)
        return _("amended by %(number)s", number=number)
    if change.removed:
        return _("is no holiday any more")
    shown = f"{day}: {text_of(change.name)}, {kind_words(change.kind)}"
    return shown + (f" ({_('estimated')})" if change.estimated else "")


def readers_words(record: Any, days: Sequence[date]) -> list[dict[str, Any]]:
    """What readers of each language are told about a fee on these days; empty for other records."""
    if not isinstance(record, Fee):
        return []
    found = []
    for one in plain_catalogue().site.languages:
        with force_locale(one.code):
            told = [(formatting.day(day, one.code), fee_words(on_day(record.values, day), one.code)) for day in days]
        found.append({"code": one.code, "name": one.name, "told": told})
    return found


def shown_uses(uses: Uses, catalogue: Catalogue, preview: Mapping[str, str]) -> dict[str, Any]:
    """The uses by kind of page; each page with a link to it in every language that shows the value."""
    names = {one.code: one.name for one in catalogue.site.languages}
    groups: dict[str, list[dict[str, Any]]] = {}
    for use in uses.pages:
        groups.setdefault(use.document.kind, []).append(_use(use, names, preview))
    outcomes = [
        {"code": code, "title": document.title(language()) if document else code} for code, document in uses.outcomes
    ]
    listed = [
        {"label": one.label.get(language()) or one.label.get("id") or one.id, "where": _list_words(one.reference)}
        for one in uses.listed
    ]
    return {
        "groups": [
            {"id": kind, "title": _(portal().types[kind].plural), "rows": rows} for kind, rows in groups.items()
        ],
        "outcomes": outcomes,
        "listed": listed,
        "count": len(uses.pages) + len(outcomes) + len(listed),
        "pages": len(uses.pages),
    }


def _use(use: Use, names: Mapping[str, str], preview: Mapping[str, str]) -> dict[str, Any]:
    where = [_(field_label(portal().types[use.document.kind], f"words.box.{key}").text) for key in use.boxes]
    if use.in_facts:
        where.append(_("facts"))
    return {
        "title": use.document.title(language()),
        "key": use.document.key,
        "state": "" if use.document.facts.status == "published" else _("Kept back"),
        "where": ", ".join(where),
        "languages": [
            {
                "name": names.get(code, code),
                "code": code,
                "href": url("reference_values.value_page", id_=preview["id"], lang=code)
                + f"?page={use.document.key}&at={preview['at']}",
            }
            for code in use.languages
        ],
    }


def _list_words(reference: str) -> str:
    if reference.startswith("finder") or reference == "nationality-lists":
        return _("Visa finder")
    known = {"fees": _("Fees"), "contacts": _("Contacts"), "glossary": _("Glossary"), "places": _("Places")}
    return known.get(reference) or {"facts": _("Register of facts"), "laws": _("Rules and laws")}.get(
        reference, reference
    )
