"""The attendance sheet for the entrance as PDF, and all registrations as a table for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from portal.csv_files import csv_file
from portal.events.event import Event
from portal.events.registrations import codes, queries
from portal.events.registrations.models import ABSENT, CANCELLED, CONFIRMED, HOLDING, LAPSED, OFFERED, PRESENT, WAITING
from portal.events.staff.blueprint import event_or_404, staff
from portal.events.views.presenters import district_name, view_of
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import preview_words
from portal.web.pages import catalogue, private
from portal.web.staff import staff_services
from portal.web.transactions import sessions

if TYPE_CHECKING:
    from portal.events.staff import attendance_sheet as pdf


@staff.get("/<slug>/sheet.pdf")
def sheet(slug: str) -> Response:
    """The attendance sheet as PDF, by name."""
    # fpdf costs memory and time to import, and most processes never print a sheet.
    from portal.events.staff import attendance_sheet as pdf

    event = event_or_404(slug)
    site, view = catalogue().site, view_of(event)
    head = pdf.SheetHead(
        office=text_of(site.name).upper(),
        address=text_of(site.address),
        facts=(
            (_("Event"), view.page.title),
            (_("Day"), view.days),
            (_("Time"), view.hours),
            (_("Where"), view.location.line),
        ),
    )
    with sessions()() as session:
        registrations = queries.registrations_by_name(session, slug)
    rows = [
        pdf.SheetRow(
            name=row.name, origin=district_name(row.district), party_size=row.party_size, code=codes.spaced(row.code)
        )
        for row in registrations
        if row.state in HOLDING
    ]
    staff_services().record("events.sheet", f"events/{slug}")
    return _attachment(pdf.attendance_sheet(head, rows, labels=_labels(event)), "application/pdf", f"{slug}.pdf")


@staff.get("/<slug>/registrations.csv")
def table(slug: str) -> Response:
    """Every registration of the event for a spreadsheet."""
    event_or_404(slug)
    head = [_("Name"), _("Number of people"), _("Regency or city"), _("Code"), _("State"), _("Attendance")]
    head += [_("People who came"), _("Telephone"), _("E-mail")]
    states, marks = _state_words(), {PRESENT: _("came"), ABSENT: _("stayed away")}
    with sessions()() as session:
        registrations = queries.registrations_by_name(session, slug)
    rows = [
        (
            row.name,
            row.party_size,
            district_name(row.district),
            codes.spaced(row.code),
            states.get(row.state, row.state),
            marks.get(row.attendance, row.attendance),
            row.attended_guests,
            row.phone,
            row.email,
        )
        for row in registrations
    ]
    staff_services().record("events.table", f"events/{slug}")
    return _attachment(csv_file(head, rows), "text/csv; charset=utf-8", f"{slug}.csv")


def _state_words() -> dict[str, str]:
    """The states of a registration as its table names them."""
    return {
        CONFIRMED: _("Confirmed"),
        WAITING: _("Waiting list"),
        OFFERED: _("Place held"),
        CANCELLED: _("Cancelled"),
        LAPSED: _("Passed on"),
    }


def _labels(event: Event) -> pdf.Labels:
    from portal.events.staff import attendance_sheet as pdf

    printed = f"{formatting.day_clock(request_clock().now, language())} {catalogue().site.zone_label}"
    notices = (_("Sample data.") if event.facts.sample else "", preview_words())
    return pdf.Labels(
        language=language(),
        title=_("Attendance list").upper(),
        columns=(_("No."), _("Name"), _("From"), _("People"), _("Code"), _("Signature")),
        page=_("Page {page} of {pages}"),
        total=_("Registered: {heads} people in {parties} registrations."),
        printed=_("Printed on %(when)s", when=printed),
        place_and_date="." * 24 + ", " + "." * 24,
        officer=_("Officer,"),
        notice=" ".join(filter(None, notices)),
    )


def _attachment(data: bytes, content_type: str, name: str) -> Response:
    response = private(Response(data, content_type=content_type))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
