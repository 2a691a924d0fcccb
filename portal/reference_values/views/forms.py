"""What somebody typed about a value: read, bounded, and told what is wrong; the fields of a change to write on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from portal.content.catalogue import Catalogue
from portal.content.document import LocalText
from portal.content.reference import UNKNOWN
from portal.reference_values.changes import Change, DatedChange, HolidayChange, LawChange
from portal.timetable.holidays import KINDS
from portal.web.languages import gettext as _

LONGEST = {"reason": 500, "source": 300, "url": 300, "number": 60}
LONGEST_TEXT = 200
FIELDS = (
    *("value", "unknown", "starts", "late", "basis", "basis-2", "source", "reason"),
    *("deed", "by", "number", "url", "kind", "estimated", "removed"),
)
FURTHEST = timedelta(days=3 * 366)
EARLIEST_YEAR = 1945
_AMOUNT = re.compile(r"(?:Rp|IDR)?\.?\s*(\d{1,12}|\d{1,3}(?:[.,\s]\d{3}){1,3})(?:,-|,00|\.00)?", re.I)


@dataclass
class ValueForm:
    """The typed fields of one record's form, and what is wrong with each."""

    reference: str
    record: str
    typed: dict[str, str]
    languages: tuple[str, ...]
    today: date
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """One line of text, bounded."""
        longest = LONGEST.get(name, LONGEST_TEXT)
        words = " ".join(self.typed.get(name, "").split())
        if len(words) > longest:
            self.errors[name] = _("This is longer than %(num)d characters. Shorten it a little.", num=longest)
        return words[:longest]

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.typed.get(name) == "yes"

    def local(self, name: str) -> LocalText:
        """The words of every language; each is needed."""
        texts = LocalText({code: self.text(f"{name}-{code}") for code in self.languages})
        for code, words in texts.items():
            if not words:
                self.errors[f"{name}-{code}"] = _("Write it in this language too.")
        return texts

    def starts(self, *, may_be_past: bool = False) -> date | None:
        """The first day of the change; in the past only where somebody says so."""
        try:
            day = date.fromisoformat(self.typed.get("starts", "").strip())
        except ValueError:
            self.errors["starts"] = _("Choose the first day on which it holds.")
            return None
        if day < self.today and not may_be_past:
            self.errors["starts"] = _("This day has passed. Choose today or a later day.")
        elif day > self.today + FURTHEST or day.year < EARLIEST_YEAR:
            self.errors["starts"] = _("This day is too far away. Look at the year.")
        return day

    def address(self, name: str) -> str:
        """A web address, or nothing."""
        words = self.text(name)
        if words and (urlsplit(words).scheme not in ("https", "http") or "." not in urlsplit(words).netloc):
            self.errors[name] = _("Write the whole address, beginning with https://.")
        return words


def change_of(form: ValueForm, catalogue: Catalogue) -> Change | None:
    """The change that was typed, or nothing when something is wrong; the reason is needed with each."""
    made = {"fees": _fee, "contacts": _contact, "laws": _law, "holidays": _holiday}[form.reference](form, catalogue)
    if not form.text("reason"):
        form.errors["reason"] = _("Say in one sentence why it changes.")
    return None if form.errors else made


def _fee(form: ValueForm, catalogue: Catalogue) -> Change | None:
    value: int | str = UNKNOWN
    if not form.ticked("unknown"):
        amount = _AMOUNT.fullmatch(form.text("value"))
        if amount is None:
            form.errors["value"] = _("Write a whole amount in rupiah, such as 1.234.000, or tick that it is not known.")
        else:
            value = int(re.sub(r"\D", "", amount[1]))
    basis = _basis(form, catalogue)
    if not basis and value != UNKNOWN:
        form.errors["basis"] = _("Choose the rule on which it rests.")
    starts = form.starts(may_be_past=form.ticked("late"))
    source = form.address("source")
    return DatedChange(value=value, starts=starts, legal_basis=basis, source=source) if starts else None


def _basis(form: ValueForm, catalogue: Catalogue) -> tuple[str, ...]:
    chosen = dict.fromkeys(filter(None, (form.typed.get("basis", ""), form.typed.get("basis-2", ""))))
    if any(id_ not in catalogue.reference("laws") for id_ in chosen):
        form.errors["basis"] = _("Choose a rule from the list.")
    return tuple(chosen)


def _contact(form: ValueForm, catalogue: Catalogue) -> Change | None:
    kind = catalogue.reference("contacts")[form.record].kind
    value = UNKNOWN if form.ticked("unknown") else form.text("value")
    if not value or (value == UNKNOWN and not form.ticked("unknown")):
        form.errors["value"] = _("Write it, or tick that it is not known.")
    elif value != UNKNOWN and not _is_contact(kind, value):
        form.errors["value"] = _contact_message(kind)
    starts = form.starts(may_be_past=form.ticked("late"))
    return DatedChange(value=value, starts=starts, source=form.address("source")) if starts else None


def _is_contact(kind: str, value: str) -> bool:
    if kind in ("phone", "whatsapp"):
        digits = re.sub(r"\D", "", value)
        return bool(re.fullmatch(r"\+?[\d ()./-]+", value)) and 3 <= len(digits) <= 15
    if kind == "email":
        return bool(re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value))
    if kind in ("site", "social", "app"):
        return urlsplit(value).scheme in ("https", "http") and "." in urlsplit(value).netloc
    return True


def _contact_message(kind: str) -> str:
    if kind in ("phone", "whatsapp"):
        return _("Write a number with digits, such as +62 811 0000 0000.")
    if kind == "email":
        return _("Write an e-mail address, such as name@example.go.id.")
    return _("Write the whole address, beginning with https://.")


LAW_ACTIONS: Mapping[str, Literal["new", "amended", "replaced"]] = {
    "new": "new",
    "amended": "amended",
    "replaced": "replaced",
}


def _law(form: ValueForm, catalogue: Catalogue) -> Change | None:
    known = catalogue.reference("laws")
    action = LAW_ACTIONS.get(form.typed.get("deed", "")) if form.record else "new"
    if action is None:
        form.errors["deed"] = _("Choose what happens to it.")
    by, words, number = form.typed.get("by", "") if form.record else "", LocalText(), ""
    if (by and by not in known) or by == form.record != "":
        form.errors["by"] = _("Choose another rule from the list.")
    if not by:
        number = form.text("number")
        by = "-".join(re.findall(r"[a-z0-9]+", number.lower()))[:80]
        if not re.search(r"[a-z].*\d", by):
            form.errors["number"] = _("Write kind, number and year of the rule, such as PP 1/2027.")
        elif by in known:
            form.errors["number"] = _("This rule is in the list already. Choose it there.")
        words = form.local("title")
    starts = form.starts(may_be_past=form.ticked("late"))
    if starts is None:
        return None
    year = re.search(r"(?:19|20)\d{2}$", number)
    return LawChange(
        action=action or "new",
        by=by,
        starts=starts,
        number=number,
        year=int(year[0]) if year else None,
        title=words,
        url=form.address("url"),
    )


def _holiday(form: ValueForm, _catalogue: Catalogue) -> Change | None:
    kind: Any = form.typed.get("kind", "")
    if kind not in KINDS:
        form.errors["kind"] = _("Choose what kind of day it is.")
    names, starts = form.local("name"), form.starts()
    if starts is None or form.errors:
        return None
    return HolidayChange(
        starts=starts,
        name=names,
        kind=kind,
        estimated=form.ticked("estimated"),
        source=form.address("source"),
        removed=form.ticked("removed") and bool(form.record),
    )


def fields_of(change: Change, *, reason: str, today: date) -> dict[str, str]:
    """A saved change as the fields by which it was typed."""
    fields = {"reason": reason, "starts": change.starts.isoformat()}
    if isinstance(change, DatedChange):
        fields |= {"source": change.source, "late": "yes" if change.starts < today else ""}
        fields |= {"unknown": "yes"} if change.value == UNKNOWN else {"value": str(change.value)}
        return fields | dict(zip(("basis", "basis-2"), change.legal_basis, strict=False))
    if isinstance(change, LawChange):
        fields |= {"deed": change.action, "number": change.number, "url": change.url}
        fields |= {"by": "" if change.number else change.by, "late": "yes" if change.starts < today else ""}
        return fields | {f"title-{code}": words for code, words in change.title.items()}
    fields |= {"kind": change.kind, "source": change.source}
    fields |= {key: "yes" for key in ("estimated", "removed") if getattr(change, key)}
    return fields | {f"name-{code}": words for code, words in change.name.items()}


def initial_fields(reference: str, record: Any) -> dict[str, str]:
    """The fields as they stand before anything is typed: those of the record as it is."""
    if reference == "holidays" and record is not None:
        fields = {"starts": record.day.isoformat() if record.day else "", "kind": record.kind, "source": record.source}
        fields |= {"estimated": "yes"} if record.estimated else {}
        return fields | {f"name-{code}": words for code, words in record.name.items()}
    if reference == "fees" and record is not None:
        newest = record.values[-1].legal_basis if record.values else ()
        return dict(zip(("basis", "basis-2"), newest, strict=False))
    return {}


def submitted_fields(sent: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """The fields of a request that a form can have, each no longer than anybody types."""
    names = [*FIELDS, *(f"{name}-{code}" for name in ("title", "name") for code in languages)]
    return {name: sent[name][:2000] for name in names if name in sent}
