"""Calendar files of all events and of one event, in the language of the address."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

from portal.events.calendar import calendar_of
from portal.events.event import Event
from portal.events.views.blueprint import bp, event_or_404
from portal.events.views.queries import KIND, events
from portal.timetable.calendar_file import MEDIA_TYPE
from portal.web.languages import language
from portal.web.pages import absolute, catalogue, page_response, public, url


@bp.get("/calendar.ics")
@public()
def events_calendar() -> Response:
    """Every event whose hours are known, past ones included, so that subscribed calendars keep them."""
    return _calendar_response(events(), name=KIND)


@bp.get("/<slug>/calendar.ics")
@public()
def event_calendar(slug: str) -> Response:
    """One event, with alarms."""
    return _calendar_response([event_or_404(slug)], name=slug, with_alarms=True)


def _calendar_response(selected: Iterable[Event], *, name: str, with_alarms: bool = False) -> Response:
    body = calendar_of(
        selected,
        language=language(),
        site=catalogue().site,
        places=catalogue().reference("places"),
        page=lambda event: absolute(url("events.show", slug=event.slug)),
        with_alarms=with_alarms,
    )
    response = page_response(body, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{name}-{language()}.ics"'
    return response
