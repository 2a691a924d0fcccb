"""The form of a new alert, which is filled in three steps: how grave and where, the words and until when, publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NotRequired, Self, TypedDict

from portal.messages import N_
from portal.office.documents import SEVERITY_LABELS
from portal.web.clock import request_clock
from portal.web.forms.form import Form, too_long
from portal.web.languages import gettext as _
from portal.web.pages import catalogue
from portal.web.state import portal

# The most characters of a text in one language.
LONGEST = {"title": 80, "summary": 240}
LONGEST_DURATION = timedelta(days=62)
SEVERITY_HELP = {
    "emergency": N_("Danger to people, such as a storm or an earthquake. Red."),
    "major": N_("The office is closed, or a service stands still."),
    "notice": N_("Good to know, such as a long queue."),
}


class Option(TypedDict):
    """One answer to choose."""

    value: str
    label: str
    help: NotRequired[str]


def severities() -> list[Option]:
    """How grave an alert may be."""
    return [
        {"value": value, "label": _(label), "help": _(SEVERITY_HELP[value])} for value, label in SEVERITY_LABELS.items()
    ]


def scopes() -> list[Option]:
    """Where an alert may stand: everywhere, or on the pages of one feature of the main navigation."""
    features: list[Option] = [
        {"value": entry.endpoint.partition(".")[0], "label": _("Only on: %(feature)s", feature=_(entry.label))}
        for entry in portal().menu
    ]
    return [{"value": "site", "label": _("On every page")}, *features]


@dataclass
class AlertForm(Form):
    """What was chosen and typed so far; every step carries it on in hidden fields, so nothing is lost on the way."""

    @classmethod
    def of_request(cls, sent: Mapping[str, str]) -> Self:
        """The fields of a request; texts are one line each and cut at twice the length that is allowed."""
        texts = {f"{key}-{code}": 2 * LONGEST[key] for code in catalogue().site.language_codes for key in LONGEST}
        form = cls.of(sent, ("severity", "on", "until", "only_primary", *texts))
        form.values |= {name: " ".join(form.values[name].split())[:longest] for name, longest in texts.items()}
        form.values["until"] = form.values["until"][:20]
        return form

    def hidden(self, *names: str) -> list[dict[str, str]]:
        """What was chosen and typed as hidden fields; without `names` all of it."""
        kept = [name for name in self.values if name != "only_primary" or self.is_ticked(name)]
        return [{"name": name, "value": self.values[name]} for name in kept if not names or name in names]

    def check_kind(self) -> bool:
        """Whether the first step is answered; `errors` tell what is missing."""
        if self.values["severity"] not in SEVERITY_LABELS:
            self.errors["severity"] = _("Choose how grave it is")
        if self.values["on"] not in {scope["value"] for scope in scopes()}:
            self.errors["on"] = _("Choose where it stands")
        return not self.errors

    def check_words(self) -> bool:
        """Whether the second step is answered; `errors` tell what is missing."""
        primary, *others = catalogue().site.language_codes
        if not self.values[f"title-{primary}"]:
            self.errors[f"title-{primary}"] = _("Write what happened, in one short sentence")
        for code in others:
            if not self.values[f"title-{code}"] and not self.is_ticked("only_primary"):
                self.errors[f"title-{code}"] = _("Write it in this language too, or tick that it comes later")
        for code in (primary, *others):
            for key, longest in LONGEST.items():
                if len(self.values[f"{key}-{code}"]) > longest:
                    self.errors[f"{key}-{code}"] = too_long(longest)
        self._check_end()
        return not self.errors

    def _check_end(self) -> None:
        ends, now = self.ends(), request_clock().now
        if ends is None:
            self.errors["until"] = _("Choose a day and a time.")
        elif ends <= now:
            self.errors["until"] = _("Choose a time that is still to come.")
        elif ends > now + LONGEST_DURATION:
            self.errors["until"] = _("Choose a time within two months; a notice that stays is a page.")

    def ends(self) -> datetime | None:
        """Until when it holds, in the office's zone."""
        try:
            return datetime.fromisoformat(self.values["until"]).replace(tzinfo=request_clock().zone)
        except ValueError:
            return None

    def words(self) -> dict[str, dict[str, str]]:
        """Title and summary of every language that has a title; an empty summary is left out."""
        return {
            code: {key: text for key in LONGEST if (text := self.values[f"{key}-{code}"])}
            for code in catalogue().site.language_codes
            if self.values[f"title-{code}"]
        }
