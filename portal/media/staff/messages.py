"""Why a step with a proposed file is not possible, and what to do."""

from __future__ import annotations

from portal.web.languages import gettext as _


def refusal_message(reason: str) -> str:
    """The sentence for the reason of a `NotAllowed`."""
    words = {
        "waiting": _("A change of this file waits for a second person already. Decide about that one first."),
        "many": _("Too many files wait for a second person. Decide about some of them first."),
        "decided": _("Somebody has decided about this file already."),
        "own": _("You uploaded this file. Somebody else looks at it before readers see it."),
        "not-own": _("Only whoever uploaded it takes it back."),
        "moved": _("The file was changed since this was proposed. Take it back and propose it anew."),
        "reason": _("Write why."),
    }
    return words.get(reason, words["decided"])
