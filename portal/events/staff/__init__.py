"""The staff pages of events, for whoever may register people: attendees, sheets, moves, requests."""

from portal.events.staff import downloads, registrations, requests, reschedule
from portal.events.staff.blueprint import staff
from portal.web.languages import gettext as _

REGISTER = "register"
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {
    f"{staff.name}.{view}": REGISTER
    for view in (
        "index",
        "event",
        "add",
        "add_walk_in",
        "present",
        "absent",
        "unmark",
        "promote_manually",
        "cancel_for",
        "accept_for",
        "sheet",
        "table",
        "calls",
        "called",
        "move_event",
        "cancel_event",
        "revive_event",
        "requests",
        "outreach_request",
        "move_request",
        "draft_event",
    )
}


def label() -> str:
    """The word for these pages in the list of the desk."""
    return _("Registrations")


def requests_label() -> str:
    """The word for the inbox of requests in the list of the desk."""
    return _("Requests for events")


__all__ = ["PERMISSIONS", "downloads", "label", "registrations", "requests", "requests_label", "reschedule", "staff"]
