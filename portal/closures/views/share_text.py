"""A closing as plain text to share in a chat, and the interval of a plan in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.closures.plan import Plan
from portal.closures.views.forms import interval_label
from portal.events.event import Event
from portal.events.labels import when_of
from portal.languages import formatting
from portal.schedules.directory import ServiceDirectory
from portal.schedules.views.sharing import location_text
from portal.web.clock import office_zone
from portal.web.documents.embeds import text_of
from portal.web.languages import force_locale
from portal.web.languages import gettext as _
from portal.web.navigation import preview_words
from portal.web.pages import absolute, plain_catalogue, url


def when_closed(plan: Plan) -> str:
    """The interval of the closing, with the label of the zone."""
    zone = office_zone()
    return f"{interval_label(plan.starts.astimezone(zone), plan.ends.astimezone(zone))} {_zone_label()}"


def share_text(directory: ServiceDirectory, events: Mapping[str, Event], plan: Plan, code: str) -> str:
    """The closing in a language: when, why, what is closed, what became of sessions and events."""
    with force_locale(code):
        office = text_of(plain_catalogue().site.short_name)
        lines = [office, _("Closed: %(when)s", when=when_closed(plan))]
        if plan.reason.get(code):
            lines.append(_("Reason: %(reason)s", reason=plan.reason[code]))
        services = [service for slug in plan.services if (service := directory.get(slug)) is not None]
        lines += [f"- {service.document.title(code)}" for service in services]
        lines += _session_lines(directory, plan, code)
        lines += _event_lines(events, plan, code)
        link = absolute(url("schedules.index"))
        lines.append(_("Official word: %(office)s, %(link)s", office=office, link=link))
        return "\n".join(filter(None, [*lines, preview_words()]))


def _session_lines(directory: ServiceDirectory, plan: Plan, code: str) -> Iterator[str]:
    for planned in plan.sessions:
        service = directory.get(planned.slug)
        item = service.occurrence(f"{planned.series}-{planned.day.isoformat()}") if service else None
        if service is not None and item is not None and planned.action != "keep":
            title = f"{service.document.title(code)} ({location_text(directory, service, item, with_address=False)})"
            yield _action_line(title, planned.action, formatting.day(item.start.date(), code, weekday=True))


def _event_lines(events: Mapping[str, Event], plan: Plan, code: str) -> Iterator[str]:
    for planned in plan.events:
        event = events.get(planned.slug)
        if event is not None and planned.action != "keep":
            when = when_of(event, code, label=_zone_label())
            yield _action_line(event.document.title(code), planned.action, when)


def _action_line(title: str, action: str, when: str) -> str:
    if action == "move":
        return _("Moved: %(title)s, now %(when)s", title=title, when=when)
    return _("Cancelled: %(title)s, %(when)s", title=title, when=when)


def _zone_label() -> str:
    return plain_catalogue().site.zone_label
