"""What the first page of the desk shows of events: registrations of today, and messages that could not be sent."""

from __future__ import annotations

from portal.accounts.people import may
from portal.events.registrations.queries import registered_since
from portal.mail import FAILED, backlog
from portal.web.clock import request_clock
from portal.web.documents.cards import Card, StaffRow, staff_list
from portal.web.languages import gettext as _
from portal.web.languages import ngettext
from portal.web.pages import url
from portal.web.transactions import session


def failed_messages() -> Card | None:
    """How many e-mails could not be sent, for whoever looks after attendees."""
    count = backlog(session()).get(FAILED, 0) if may("register") else 0
    if not count:
        return None
    label = ngettext("%(num)d letter could not be sent", "%(num)d letters could not be sent", count)
    row = StaffRow(label, url("events_staff.index"), _("See the lists of the events."))
    return staff_list("letters", _("Letters"), [row])


def registrations_today() -> Card | None:
    """How many parties and guests registered today, as numbers only."""
    if not may("register"):
        return None
    midnight = request_clock().midnight(request_clock().now.date())
    parties, guests = registered_since(session(), midnight)
    if not parties:
        return None
    label = ngettext("%(num)d registration today", "%(num)d registrations today", parties)
    detail = ngettext("%(num)d person", "%(num)d persons", guests)
    return staff_list("registered", _("Registrations"), [StaffRow(label, url("events_staff.index"), detail)])
