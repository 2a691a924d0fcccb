"""The staff pages of events, for the role of the registrar: attendees, sheets, moves, requests."""

from portal.events.staff import changes, inbox, lists, papers
from portal.events.staff.blueprint import staff

REGISTRAR = "registrar"
# Every endpoint of this blueprint with the permission that it needs.
PERMISSIONS = {
    f"{staff.name}.{view}": REGISTRAR
    for view in (
        "index",
        "event",
        "add",
        "add_walk_in",
        "present",
        "absent",
        "unmark",
        "let_in_early",
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

__all__ = ["PERMISSIONS", "changes", "inbox", "lists", "papers", "staff"]
