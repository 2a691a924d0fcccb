"""Readers' forms: what was typed becomes clean values, or a message at its field with the text kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import NotRequired, TypedDict

from email_validator import EmailNotValidError, validate_email

from portal.feedback.models import CHANNELS, EMAIL, NO_ANSWER, PHONE, REASONS
from portal.feedback.questions import LONGEST_QUESTION, SubmittedQuestion
from portal.feedback.redaction import phone_of, redacted
from portal.web.forms.form import Form, too_long
from portal.web.languages import gettext as _

LONGEST_REASON = 500
QUESTION_FIELDS = ("question", "answer_in", "channel", "email", "phone")
REASON_FIELDS = ("kind", "text")


class Choice(TypedDict):
    """An option of a form field."""

    value: str
    label: str
    help: NotRequired[str]


def read_question(form: Form, *, languages: Collection[str], region: str, page: str) -> SubmittedQuestion | None:
    """The question that the form describes, redacted, or None with the messages in the form."""
    text = _redacted_text(form, "question", longest=LONGEST_QUESTION, region=region)
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
    return SubmittedQuestion(text=text, language=form.values["answer_in"], channel=channel, contact=contact, page=page)


def _email(form: Form) -> str:
    try:
        typed = form.values["email"].strip()[:320]
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        form.errors["email"] = _("This is no complete e-mail address. Write it like name@example.com.")
        return ""


def read_reason(form: Form, *, region: str) -> tuple[str, str] | None:
    """Kind and redacted text of a reason, or None with the messages in the form."""
    text = _redacted_text(form, "text", longest=LONGEST_REASON, region=region)
    kind = form.values["kind"] if form.values["kind"] in REASONS else ""
    if not kind and not text and not form.errors:
        form.errors["kind"] = _("Choose what was missing, or write it in your own words")
    return None if form.errors else (kind, text)


def _redacted_text(form: Form, name: str, *, longest: int, region: str) -> str:
    typed = "\n".join(" ".join(line.split()) for line in form.values[name].strip().splitlines())
    if len(typed) > longest:
        form.errors[name] = too_long(longest)
        return ""
    return redacted(typed, region=region)


def channel_choices() -> list[Choice]:
    """The ways to answer."""
    return [
        {"value": EMAIL, "label": _("By e-mail"), "help": _("Your address is deleted once we have answered.")},
        {
            "value": PHONE,
            "label": _("By WhatsApp or telephone"),
            "help": _("Your number is deleted once we have answered."),
        },
        {"value": NO_ANSWER, "label": _("No answer to me"), "help": _("Your question helps us to write better pages.")},
    ]


def reason_choices() -> list[Choice]:
    """What may be missing on a page."""
    labels = {
        "not-found": _("What I looked for is not here"),
        "hard": _("It is hard to understand"),
        "wrong": _("Something is wrong"),
        "old": _("It is out of date"),
        "other": _("Something else"),
    }
    return [{"value": kind, "label": labels[kind]} for kind in REASONS]
