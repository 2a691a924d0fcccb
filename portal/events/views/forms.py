"""Public forms: what was typed becomes a clean value, or a clear message at its field with the text kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from portal.events.outreach.requests import RequestDetails
from portal.events.registrations.attendee import (
    LINE_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    Attendee,
    Unusable,
    clean_count,
    clean_email,
    clean_phone,
    clean_text,
)
from portal.web.languages import gettext as _
from portal.web.languages import ngettext

T = TypeVar("T")
# How a party wants to hear from the office.
PHONE, EMAIL, NOBODY = "phone", "email", "none"
CHANNELS = (PHONE, EMAIL, NOBODY)
MOST_GUESTS = 5000
LONGEST_KEPT = 2000


@dataclass
class Form:
    """What was typed, cleaned where it could be, and a message for each field that could not."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Mapping[str, str], names: Collection[str]) -> Form:
        """The named fields of a request, each bounded; a field that was not sent is empty."""
        return cls({name: sent.get(name, "")[:LONGEST_KEPT] for name in names})

    def read(self, name: str, reader: Callable[[str], T], fallback: T) -> T:
        """The clean value of a field; on an error its message is kept and `fallback` given."""
        try:
            return reader(self.values[name])
        except Unusable as unusable:
            if unusable.clean:
                self.values[name] = unusable.clean
            self.errors[name] = _message(name, unusable.problem)
            return fallback

    def text(self, name: str, *, length: int, required: bool = False, lines: bool = False) -> str:
        """A line of text."""
        return self.read(name, lambda typed: clean_text(typed, length=length, required=required, lines=lines), "")

    def summary(self) -> list[dict[str, str]]:
        """The errors as the summary before the heading lists them."""
        return [
            {"message": message, "href": f"#field-{name.replace('_', '-')}"} for name, message in self.errors.items()
        ]


def _message(name: str, problem: str) -> str:
    messages = {
        ("name", "missing"): _("Write your name"),
        ("host", "missing"): _("Write who asks, for example a ward office or a school"),
        ("person", "missing"): _("Write the name of a contact person"),
        ("place", "missing"): _("Write where the event would be"),
        ("heads", "missing"): _("Write how many people, for example 2"),
        ("heads", "number"): _("Enter a number, for example 2"),
        ("heads", "few"): _("Write 1 or more"),
    }
    general = {
        "missing": _("Fill in this field"),
        "long": _("This is too long; we have shortened it. Check it and send again."),
        "marks": _("There were invisible signs in it; we have removed them. Check it and send again."),
        "phone": _("We cannot read this number. Write it like 0812 3456 7890 or +62 812 3456 7890."),
        "email": _("This is no complete e-mail address. Write it like name@example.com."),
        "many": _("This is more than the form can take"),
    }
    return str(messages.get((name, problem)) or general.get(problem, _("Check this field")))


REGISTRATION_FIELDS = ("name", "heads", "district", "channel", "phone", "email", "consent", "again", "note")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the form of an event asks for: districts to choose from, whether contact, the largest party."""

    districts: Collection[str]
    district: bool
    contact: bool
    most: int
    region: str


def read_attendee(form: Form, asked: Asked) -> Attendee | None:
    """The party that the form describes, or None with the messages in the form."""
    name = form.text("name", length=NAME_LENGTH, required=True)
    party_size = form.read("heads", lambda typed: clean_count(typed, most=asked.most), 1)
    if form.errors.get("heads") and form.values["heads"].isdecimal() and int(form.values["heads"] or 0) > asked.most:
        form.errors["heads"] = too_many(asked.most)
    district = form.values["district"] if asked.district else ""
    if asked.district and district not in asked.districts:
        form.errors["district"] = _("Choose a regency or city")
    phone, email = _contact(form, asked)
    if form.errors:
        return None
    note = form.text("note", length=LINE_LENGTH)
    return Attendee(name=name, party_size=party_size, district=district, phone=phone, email=email, note=note)


def too_many(most: int) -> str:
    """The message for a party that is larger than it can be."""
    return str(ngettext("At most %(num)d person", "At most %(num)d people", most))


def _contact(form: Form, asked: Asked) -> tuple[str, str]:
    if not asked.contact:
        return "", ""
    channel = form.values["channel"]
    if channel not in CHANNELS:
        form.errors["channel"] = _("Choose how we can reach you")
        return "", ""
    if channel == PHONE:
        return form.read("phone", lambda typed: clean_phone(typed, region=asked.region), ""), ""
    if channel == EMAIL:
        return "", form.read("email", clean_email, "")
    return "", ""


def require_consent(form: Form) -> None:
    """A message at the box that was not ticked."""
    if form.values["consent"] != "yes":
        form.errors["consent"] = _("We may store your data only when you agree")


REQUEST_FIELDS = (
    "host",
    "person",
    "place",
    "district",
    "audience",
    "topic",
    "heads",
    "date1",
    "date2",
    "date3",
    "message",
    "contact",
    "consent",
)


def read_request(
    form: Form,
    *,
    districts: Collection[str],
    audiences: Collection[str],
    topics: Collection[str],
    today: date,
    region: str,
) -> RequestDetails | None:
    """The request that the form describes, or None with the messages in the form."""
    host = form.text("host", length=150, required=True)
    person = form.text("person", length=NAME_LENGTH, required=True)
    place = form.text("place", length=LINE_LENGTH, required=True)
    for name, allowed, message in (
        ("district", districts, _("Choose a regency or city")),
        ("audience", audiences, _("Choose who will come")),
        ("topic", topics, _("Choose a topic")),
    ):
        if form.values[name] not in allowed:
            form.errors[name] = message
    guests = form.read("heads", lambda typed: clean_count(typed, most=MOST_GUESTS), 1)
    dates = [day for name in ("date1", "date2", "date3") if (day := _wished(form, name, today=today))]
    message = form.text("message", length=TEXT_LENGTH, lines=True)
    phone, email = _one_contact(form, region=region)
    require_consent(form)
    if form.errors:
        return None
    return RequestDetails(
        host=host,
        person=person,
        place=place,
        district=form.values["district"],
        audience=form.values["audience"],
        topic=form.values["topic"],
        guests=guests,
        dates=tuple(sorted(set(dates))),
        message=message,
        phone=phone,
        email=email,
    )


def _wished(form: Form, name: str, *, today: date) -> date | None:
    typed = form.values[name].strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        form.errors[name] = _("Write a date such as 2026-12-24")
        return None
    if day <= today:
        form.errors[name] = _("Choose a day after today")
        return None
    if (day - today).days > 730:
        form.errors[name] = _("Choose a day within two years")
        return None
    return day


def _one_contact(form: Form, *, region: str) -> tuple[str, str]:
    typed = form.values["contact"].strip()
    if not typed:
        form.errors["contact"] = _("Write a telephone number or an e-mail address, so that we can answer")
        return "", ""
    if "@" in typed:
        return "", form.read("contact", clean_email, "")
    try:
        return clean_phone(typed, region=region), ""
    except Unusable:
        form.errors["contact"] = _message("contact", "phone")
        return "", ""
