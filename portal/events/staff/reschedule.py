"""Move, cancel and revive an event: page, calendar files and notifications change together.

The action publishes the event's facts. Pages and calendar files follow from them at once; the notifications follow
because `flask work` compares the schedule that was last announced with the published one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.problems import ContentError
from portal.events import calendar_sequences
from portal.events.event import Event
from portal.events.staff.blueprint import crumbs, event_or_404, record_and_return, staff
from portal.events.views.presenters import view_of
from portal.web.clock import request_clock
from portal.web.forms.form import error_links
from portal.web.languages import gettext as _
from portal.web.pages import catalogue
from portal.web.staff import NotPublished, render_staff, staff_services

INPUT_FORMAT = "%Y-%m-%dT%H:%M"


@staff.route("/<slug>/move", methods=("GET", "POST"))
def move_event(slug: str) -> AnyResponse:
    """Give the event another time."""
    event, clock = event_or_404(slug), request_clock()
    if request.method == "GET":
        return _page(event)
    errors: dict[str, str] = {}
    starts, ends = _time("starts", errors), _time("ends", errors)
    reason = _reason(errors)
    if starts is not None and ends is not None and ends <= starts:
        errors["ends"] = _("The end must come after the start.")
    if starts is not None and starts <= clock.now:
        errors["starts"] = _("Choose a time that is still to come.")
    if errors or starts is None or ends is None:
        return _page(event, errors)

    def revise(text: str, path: str) -> str:
        return calendar_sequences.moved(
            text, starts=starts, ends=ends, reason=reason, now=clock.now, zone=clock.zone, path=path
        )

    return _publish(event, "move", revise)


@staff.post("/<slug>/cancel")
def cancel_event(slug: str) -> AnyResponse:
    """Call the event off."""
    event, clock = event_or_404(slug), request_clock()
    errors: dict[str, str] = {}
    reason = _reason(errors, prefix="cancel-")
    if errors:
        return _page(event, errors)

    def revise(text: str, path: str) -> str:
        return calendar_sequences.cancelled(text, reason=reason, now=clock.now, zone=clock.zone, path=path)

    return _publish(event, "cancel", revise)


@staff.post("/<slug>/revive")
def revive_event(slug: str) -> AnyResponse:
    """Let a cancelled event take place after all."""
    event, clock = event_or_404(slug), request_clock()

    def revise(text: str, path: str) -> str:
        return calendar_sequences.revived(text, now=clock.now, zone=clock.zone, path=path)

    return _publish(event, "revive", revise)


def _publish(event: Event, action: str, revise: Callable[[str, str], str]) -> AnyResponse:
    path = f"events/{event.slug}/facts.yaml"
    try:
        text = revise(staff_services().read(path), path)
        staff_services().publish({path: text}, reason=f"{action}: events/{event.slug}", unread=True)
    except NotPublished as error:
        return _page(event, {"form": str(error)}, status=409)
    except ContentError as error:
        return _page(event, {"form": "; ".join(problem.message for problem in error.problems)})
    return record_and_return(event, action)


def _time(name: str, errors: dict[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(request.form.get(name, "").strip()).replace(tzinfo=request_clock().zone)
    except ValueError:
        errors[name] = _("Choose a day and a time.")
        return None


def _reason(errors: dict[str, str], *, prefix: str = "") -> dict[str, str]:
    """The reason by language; it must be given in the site's first language."""
    languages = catalogue().site.language_codes
    texts = {code: " ".join(request.form.get(f"{prefix}reason-{code}", "").split())[:300] for code in languages}
    if not texts[languages[0]]:
        errors[f"{prefix}reason-{languages[0]}"] = _("Give the reason, in one sentence.")
    return {code: text for code, text in texts.items() if text}


def _page(event: Event, errors: dict[str, str] | None = None, *, status: int = 0) -> Response:
    view, appointment = view_of(event), event.occurrence.appointment
    return render_staff(
        "events/staff/reschedule.html",
        status=status or (422 if errors else 200),
        crumbs=crumbs(event, title=view.page.title),
        event=view,
        errors=errors or {},
        summary=error_links(errors or {}),
        starts=request.form.get("starts", appointment.start.strftime(INPUT_FORMAT)),
        ends=request.form.get("ends", appointment.end.strftime(INPUT_FORMAT)),
        typed=request.form,
    )
