"""The staff pages of events, for whoever may register people: registrations, downloads, rescheduling, requests."""

from portal.events.staff import downloads, registrations, requests, reschedule
from portal.events.staff.blueprint import staff

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

__all__ = ["PERMISSIONS", "downloads", "registrations", "requests", "reschedule", "staff"]
