"""The state of a served document and of its languages, in words."""

from __future__ import annotations

from portal.content.document import Document
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue

# `open` is no state of a document: there is an open draft of it.
STATES = ("public", "waiting", "draft", "withdrawn", "open")


def document_state(document: Document) -> str:
    """`public`, `waiting` for its time, `draft` or `withdrawn`."""
    version = request_clock().version_of(document)
    if version.facts.status != "published":
        return str(version.facts.status)
    return "public" if request_clock().shows(version) else "waiting"


def document_state_label(state: str) -> str:
    """A state of STATES in words."""
    return {
        "public": _("Public"),
        "waiting": _("Not public at this time"),
        "draft": _("Kept back"),
        "withdrawn": _("Withdrawn"),
        "open": _("Being worked on"),
    }.get(state, state)


def language_rows(document: Document) -> list[dict[str, str]]:
    """Each language of the site with the state of the document's words in it."""
    return [{"name": entry.name} | _language_state(document, entry.code) for entry in plain_catalogue().site.languages]


def _language_state(document: Document, code: str) -> dict[str, str]:
    if code not in document.words:
        return {"state": "missing", "words": _("Missing")}
    if document.is_outdated(code):
        return {"state": "outdated", "words": _("Behind the Indonesian text")}
    return {"state": "current", "words": _("Current")}
