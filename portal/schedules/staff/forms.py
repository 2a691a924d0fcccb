"""What the forms beside a session submit: why it changes, and to when it moves."""

from __future__ import annotations

from datetime import date

from flask import request

from portal.content.document import PRIMARY_LANGUAGE, LocalText
from portal.messages import N_
from portal.timetable.hours import slot_of
from portal.timetable.sessions.series import Occurrence
from portal.web.languages import force_locale
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue

# Reasons that are chosen by one press, by the value of the field; readers see each in their language.
REASONS = {
    "staff": N_("No staff available"),
    "weather": N_("Bad weather"),
    "power": N_("Power cut"),
    "network": N_("Network out of order"),
    "travel": N_("The journey is not possible"),
    "venue": N_("The place is not available"),
}
LONGEST_WORDS = 200


class InvalidReport(Exception):
    """What was sent cannot be published; `message` says why and what to do."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def common_reasons() -> dict[str, str]:
    """The reasons to choose from, in the language of the page."""
    return {value: _(message) for value, message in REASONS.items()}


def submitted_reason() -> LocalText:
    """The reason in own words if there are any, else the chosen one in each language of the site; else nothing."""
    words = " ".join(request.form.get("words", "").split())[:LONGEST_WORDS]
    if words:
        return LocalText({PRIMARY_LANGUAGE: words})
    message = REASONS.get(request.form.get("reason", ""))
    texts = LocalText()
    for code in plain_catalogue().site.language_codes if message else ():
        with force_locale(code):
            texts[code] = _(str(message))
    return texts


def submitted_move(session: Occurrence) -> tuple[date, str]:
    """The day to which the session moves and its hours there; raises InvalidReport."""
    try:
        day = date.fromisoformat(request.form.get("day", "").strip())
    except ValueError:
        raise InvalidReport(_("Choose the day to which it moves.")) from None
    last = str(session.slot).partition(" last ")[2]
    opens, closes = (request.form.get(name, "").strip()[:5].replace(".", ":") for name in ("opens", "closes"))
    if not opens and not closes:
        return day, str(session.slot)
    if (opens, closes) == (f"{session.start:%H:%M}", f"{session.end:%H:%M}") and last:
        return day, str(session.slot)
    try:
        slot = slot_of(f"{opens}-{closes}")
    except ValueError:
        raise InvalidReport(_("Enter from when to when, for example 08:00 and 12:00.")) from None
    return day, str(slot)
