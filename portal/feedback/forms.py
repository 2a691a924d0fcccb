"""Readers' forms: what was typed becomes clean values, or a clear message at its field with the text kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email

from portal.feedback.models import CHANNELS, EMAIL, NOBODY, PHONE, REASONS
from portal.feedback.questions import LONGEST_QUESTION, Asked
from portal.feedback.redaction import phone_of, redacted
from portal.web.languages import gettext as _

LONGEST_REASON = 500
LONGEST_KEPT = 2000
QUESTION_FIELDS = ("question", "answer_in", "channel", "email", "phone")
REASON_FIELDS = ("kind", "text")


@dataclass
class Form:
    """What was typed, bounded, and a message for each field that cannot be used."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, sent: Mapping[str, str], names: Collection[str]) -> Form:
        """The named fields of a request; a field that was not sent is empty."""
        return cls({name: sent.get(name, "")[:LONGEST_KEPT] for name in names})

    def summary(self) -> list[dict[str, str]]:
        """The errors as the summary before the heading lists them."""
        return [
            {"message": message, "href": f"#field-{name.replace('_', '-')}"} for name, message in self.errors.items()
        ]


def read_question(form: Form, *, languages: Collection[str], region: str, page: str) -> Asked | None:
    """The question that the form describes, stripped, or None with the messages in the form."""
    text = _text(form, "question", longest=LONGEST_QUESTION, region=region)
    if not text.strip("[.] \n") and "question" not in form.errors:
        form.errors["question"] = _("Write your question")
    if form.values["answer_in"] not in languages:
        form.errors["answer_in"] = _("Choose a language")
    channel = form.values["channel"]
    contact = ""
    if channel not in CHANNELS:
        form.errors["channel"] = _("Choose whether and how we should answer")
    elif channel == EMAIL:
        contact = _email(form)
    elif channel == PHONE:
        contact = phone_of(form.values["phone"], region=region)
        if not contact:
            form.errors["phone"] = _("We cannot read this number. Write it like 0812 3456 7890 or +62 812 3456 7890.")
    if form.errors:
        return None
    return Asked(text=text, language=form.values["answer_in"], channel=channel, contact=contact, page=page)


def _email(form: Form) -> str:
    try:
        typed = form.values["email"].strip()[:320]
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        form.errors["email"] = _("This is no complete e-mail address. Write it like name@example.com.")
        return ""


def read_reason(form: Form, *, region: str) -> tuple[str, str] | None:
    """Kind and stripped text of a reason, or None with the messages in the form."""
    text = _text(form, "text", longest=LONGEST_REASON, region=region)
    kind = form.values["kind"] if form.values["kind"] in REASONS else ""
    if not kind and not text and not form.errors:
        form.errors["kind"] = _("Choose what was missing, or write it in your own words")
    return None if form.errors else (kind, text)


def _text(form: Form, name: str, *, longest: int, region: str) -> str:
    typed = "\n".join(" ".join(line.split()) for line in form.values[name].strip().splitlines())
    if len(typed) > longest:
        form.errors[name] = _("This is longer than %(num)d characters. Shorten it a little.", num=longest)
        return ""
    return redacted(typed, region=region)


def channels() -> list[dict[str, str]]:
    """The ways to answer, as the form offers them."""
    return [
        {"value": EMAIL, "label": _("By e-mail"), "help": _("Your address is deleted once we have answered.")},
        {
            "value": PHONE,
            "label": _("By WhatsApp or telephone"),
            "help": _("Your number is deleted once we have answered."),
        },
        {"value": NOBODY, "label": _("No answer to me"), "help": _("Your question helps us to write better pages.")},
    ]


def reasons() -> list[dict[str, str]]:
    """What may be missing on a page."""
    words = {
        "not-found": _("What I looked for is not here"),
        "hard": _("It is hard to understand"),
        "wrong": _("Something is wrong"),
        "old": _("It is out of date"),
        "other": _("Something else"),
    }
    return [{"value": kind, "label": words[kind]} for kind in REASONS]
