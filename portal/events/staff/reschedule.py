"""Moved, cancelled, revived: one deed that changes page, calendar files and messages together.

The deed publishes the event's facts. Pages and calendar files follow from them at once; the letters
follow because `flask work` compares what parties were told with what is published now.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.problems import ContentError
from portal.events import calendar_sequences
from portal.events.event import Event
from portal.events.staff.blueprint import crumbs, done, event_or_404, staff
from portal.events.views.presenters import view_of
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.pages import catalogue
from portal.web.staff import NotPublished, render_staff, staff_services

SHOWN_FORMAT = "%Y-%m-%dT%H:%M"


@staff.route("/<slug>/move", methods=("GET", "POST"))
def move_event(slug: str) -> AnyResponse:
    """Give the event another time."""
    event = event_or_404(slug)
    if request.method == "GET":
        return _page(event)
    errors: dict[str, str] = {}
    starts, ends = _time("starts", errors), _time("ends", errors)
    reason = _reason(errors)
    if starts is not None and ends is not None and ends <= starts:
        errors["ends"] = _("The end must come after the start.")
    if starts is not None and starts <= request_clock().now:
        errors["starts"] = _("Choose a time that is still to come.")
    if errors or starts is None or ends is None:
        return _page(event, errors)
    return _publish(
        event,
        "move",
        lambda text, path: calendar_sequences.moved(
            text, starts=starts, ends=ends, reason=reason, now=request_clock().now, zone=request_clock().zone, path=path
        ),
    )


@staff.post("/<slug>/cancel")
def cancel_event(slug: str) -> AnyResponse:
    """Call the event off."""
    event = event_or_404(slug)
    errors: dict[str, str] = {}
    reason = _reason(errors, prefix="cancel-")
    if errors:
        return _page(event, errors)
    return _publish(
        event,
        "cancel",
        lambda text, path: calendar_sequences.cancelled(
            text, reason=reason, now=request_clock().now, zone=request_clock().zone, path=path
        ),
    )


@staff.post("/<slug>/revive")
def revive_event(slug: str) -> AnyResponse:
    """Let a cancelled event take place after all."""
    event = event_or_404(slug)
    return _publish(
        event,
        "revive",
        lambda text, path: calendar_sequences.revived(
            text, now=request_clock().now, zone=request_clock().zone, path=path
        ),
    )


def _publish(event: Event, action: str, revise: Callable[[str, str], str]) -> AnyResponse:
    path = f"events/{event.slug}/facts.yaml"
    try:
        text = revise(staff_services().read(path), path)
        staff_services().publish({path: text}, reason=f"{action}: events/{event.slug}")
    except NotPublished as refused:
        return _page(event, {"form": str(refused)}, status=409)
    except ContentError as broken:
        return _page(event, {"form": "; ".join(problem.message for problem in broken.problems)})
    return done(event, action)


def _time(name: str, errors: dict[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(request.form.get(name, "").strip()).replace(tzinfo=request_clock().zone)
    except ValueError:
        errors[name] = _("Choose a day and a time.")
        return None


def _reason(errors: dict[str, str], *, prefix: str = "") -> dict[str, str]:
    found = {}
    for language in catalogue().site.language_codes:
        words = " ".join(request.form.get(f"{prefix}reason-{language}", "").split())[:300]
        if words:
            found[language] = words
    if catalogue().site.language_codes[0] not in found:
        errors[f"{prefix}reason-{catalogue().site.language_codes[0]}"] = _("Give the reason, in one sentence.")
    return found


def _page(event: Event, errors: dict[str, str] | None = None, *, status: int = 0) -> Response:
    view, at = view_of(event), event.occurrence.appointment
    shown = errors or {}
    return render_staff(
        "events/staff/change.html",
        status=status or (422 if shown else 200),
        crumbs=crumbs(event, title=view.page.title),
        event=view,
        errors=shown,
        summary=[{"message": words, "href": f"#field-{name}"} for name, words in shown.items()],
        starts=request.form.get("starts", at.start.strftime(SHOWN_FORMAT)),
        ends=request.form.get("ends", at.end.strftime(SHOWN_FORMAT)),
        typed=request.form,
    )
