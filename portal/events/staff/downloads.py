"""The attendance sheet for the table at the entrance, and the same as a table for spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from portal.csv_files import csv_file
from portal.events.event import Event
from portal.events.registrations import attendance, codes
from portal.events.registrations.models import CONFIRMED, OFFERED, Registration
from portal.events.staff.blueprint import event_or_404, staff
from portal.events.views.presenters import name_of, view_of
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, private
from portal.web.staff import staff_services
from portal.web.transactions import sessions

if TYPE_CHECKING:
    from portal.events.registrations import attendance_sheet as papers


@staff.get("/<slug>/sheet.pdf")
def sheet(slug: str) -> Response:
    """The attendance sheet as PDF, by name."""
    # The maker of PDF weighs on memory and on starting, and most processes never print a sheet.
    from portal.events.registrations import attendance_sheet as papers

    event = event_or_404(slug)
    site, view = catalogue().site, view_of(event)
    head = papers.SheetHead(
        office=text_of(site.name).upper(),
        address=text_of(site.address),
        facts=(
            (_("Event"), view.page.title),
            (_("Day"), view.days),
            (_("Time"), view.hours),
            (_("Where"), view.where.line),
        ),
    )
    rows = [
        papers.SheetRow(
            name=party.name, origin=_origin(party), party_size=party.party_size, code=codes.spaced(party.code)
        )
        for party in _present_or_expected(event)
    ]
    staff_services().record("events.sheet", f"events/{slug}")
    return _file(papers.attendance_sheet(head, rows, labels=_labels(event)), "application/pdf", f"{slug}.pdf")


@staff.get("/<slug>/registrations.csv")
def table(slug: str) -> Response:
    """Every registration of the event for a spreadsheet."""
    event_or_404(slug)
    head = [_("Name"), _("Number of people"), _("Regency or city"), _("Code"), _("State"), _("Attendance")]
    head += [_("People who came"), _("Telephone"), _("E-mail")]
    with sessions()() as session:
        parties = attendance.listed(session, slug)
    rows = [
        (
            one.name,
            one.party_size,
            _origin(one),
            codes.spaced(one.code),
            one.state,
            one.attendance,
            one.attended_guests,
            one.phone,
            one.email,
        )
        for one in parties
    ]
    staff_services().record("events.table", f"events/{slug}")
    return _file(csv_file(head, rows), "text/csv; charset=utf-8", f"{slug}.csv")


def _present_or_expected(event: Event) -> list[Registration]:
    with sessions()() as session:
        return [one for one in attendance.listed(session, event.slug) if one.state in (CONFIRMED, OFFERED)]


def _origin(party: Registration) -> str:
    return name_of("districts", party.district) if party.district != "other" else str(_("Somewhere else"))


def _labels(event: Event) -> papers.Labels:
    from portal.events.registrations import attendance_sheet as papers

    site, now = catalogue().site, request_clock().now
    notices = [_("Sample data.")] if event.facts.sample else []
    if site.is_preview:
        notices.append(_("Demonstration from public sources. The office has not adopted this site yet."))
    printed = f"{formatting.day_clock(now, language())} {site.zone_label}"
    return papers.Labels(
        language=language(),
        title=_("Attendance list").upper(),
        columns=(_("No."), _("Name"), _("From"), _("People"), _("Code"), _("Signature")),
        page=_("Page {page} of {pages}"),
        total=_("Registered: {heads} people in {parties} registrations."),
        printed=_("Printed on %(when)s", when=printed),
        place_and_date="." * 24 + ", " + "." * 24,
        officer=_("Officer,"),
        notice=" ".join(notices),
    )


def _file(data: bytes, kind: str, name: str) -> Response:
    response = private(Response(data, content_type=kind))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
