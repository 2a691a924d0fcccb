"""Public forms of events: what was typed becomes a clean value, or a message at its field with the text kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from portal.events.outreach.requests import RequestDetails
from portal.events.registrations.attendee import (
    LINE_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    Attendee,
    InvalidValue,
    clean_count,
    clean_email,
    clean_phone,
    clean_text,
)
from portal.web.forms.form import Form
from portal.web.languages import gettext as _
from portal.web.languages import ngettext

T = TypeVar("T")
# How the office can reach who registers.
PHONE, EMAIL, NO_CHANNEL = "phone", "email", "none"
CHANNELS = (PHONE, EMAIL, NO_CHANNEL)
MOST_GUESTS = 5000
# Per network and hour. A village shares one carrier address, so only machines reach it.
MOST_FORMS_PER_HOUR = 3000
REGISTRATION_FIELDS = ("name", "heads", "district", "channel", "phone", "email", "consent", "note")


class PublicForm(Form):
    """A form of events: readers of fields that turn an InvalidValue into a message at the field."""

    def read(self, name: str, reader: Callable[[str], T], fallback: T) -> T:
        """The clean value of a field; on an error its message is kept and `fallback` given."""
        try:
            return reader(self.values[name])
        except InvalidValue as error:
            if error.clean:
                self.values[name] = error.clean
            self.errors[name] = _message(name, error.problem)
            return fallback

    def text(self, name: str, *, length: int, required: bool = False, lines: bool = False) -> str:
        """A text of at most `length` characters; `lines` keeps its line breaks."""
        return self.read(name, lambda typed: clean_text(typed, length=length, required=required, lines=lines), "")

    def choice(self, name: str, allowed: Collection[str], message: str) -> str:
        """One of the allowed values; on another one the message is kept."""
        if self.values[name] not in allowed:
            self.errors[name] = message
        return self.values[name]

    def require_consent(self) -> None:
        """Keep a message at the box of consent when it was not ticked."""
        if not self.is_ticked("consent"):
            self.errors["consent"] = _("We may store your data only when you agree")


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


@dataclass(frozen=True, kw_only=True)
class FormOptions:
    """What the registration form of an event offers and requires.

    `districts` are the values to choose from, `district` and `contact` whether they are asked for, `most` the largest
    number of guests, `region` the country whose local telephone numbers are understood.
    """

    districts: Collection[str]
    district: bool
    contact: bool
    most: int
    region: str


def read_attendee(form: PublicForm, options: FormOptions) -> Attendee | None:
    """Who registers as the form describes it, or None with the messages in the form."""
    name = form.text("name", length=NAME_LENGTH, required=True)
    party_size = form.read("heads", lambda typed: clean_count(typed, most=options.most), 1)
    typed = form.values["heads"]
    if "heads" in form.errors and typed.isdecimal() and int(typed) > options.most:
        form.errors["heads"] = too_many(options.most)
    district = ""
    if options.district:
        district = form.choice("district", options.districts, _("Choose a regency or city"))
    phone, email = _contact(form, options)
    if form.errors:
        return None
    note = form.text("note", length=LINE_LENGTH)
    return Attendee(name=name, party_size=party_size, district=district, phone=phone, email=email, note=note)


def too_many(most: int) -> str:
    """The message for more guests than there can be."""
    return str(ngettext("At most %(num)d person", "At most %(num)d people", most))


def _contact(form: PublicForm, options: FormOptions) -> tuple[str, str]:
    if not options.contact:
        return "", ""
    channel = form.choice("channel", CHANNELS, _("Choose how we can reach you"))
    if channel == PHONE:
        return form.read("phone", lambda typed: clean_phone(typed, region=options.region), ""), ""
    if channel == EMAIL:
        return "", form.read("email", clean_email, "")
    return "", ""


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
    form: PublicForm,
    *,
    districts: Collection[str],
    audiences: Collection[str],
    topics: Collection[str],
    today: date,
    region: str,
) -> RequestDetails | None:
    """The request that the form describes, or None with the messages in the form."""
    details = RequestDetails(
        host=form.text("host", length=150, required=True),
        person=form.text("person", length=NAME_LENGTH, required=True),
        place=form.text("place", length=LINE_LENGTH, required=True),
        district=form.choice("district", districts, _("Choose a regency or city")),
        audience=form.choice("audience", audiences, _("Choose who will come")),
        topic=form.choice("topic", topics, _("Choose a topic")),
        guests=form.read("heads", lambda typed: clean_count(typed, most=MOST_GUESTS), 1),
        dates=_wished_dates(form, today=today),
        message=form.text("message", length=TEXT_LENGTH, lines=True),
        **_phone_or_email(form, region=region),
    )
    form.require_consent()
    return None if form.errors else details


def _wished_dates(form: PublicForm, *, today: date) -> tuple[date, ...]:
    days = (_wished_date(form, name, today=today) for name in ("date1", "date2", "date3"))
    return tuple(sorted({day for day in days if day}))


def _wished_date(form: PublicForm, name: str, *, today: date) -> date | None:
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


def _phone_or_email(form: PublicForm, *, region: str) -> dict[str, str]:
    typed = form.values["contact"].strip()
    if not typed:
        form.errors["contact"] = _("Write a telephone number or an e-mail address, so that we can answer")
        return {}
    if "@" in typed:
        return {"email": form.read("contact", clean_email, "")}
    try:
        return {"phone": clean_phone(typed, region=region)}
    except InvalidValue:
        form.errors["contact"] = _message("contact", "phone")
        return {}
