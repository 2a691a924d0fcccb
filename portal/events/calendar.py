"""Calendar files of events: one entry each, with an identity that never changes and a sequence that grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations

from portal.content.catalogue import Site
from portal.events import labels
from portal.events.event import Event
from portal.languages.catalogues import translations_of
from portal.timetable.calendar_file import Entry, calendar_file
from portal.timetable.sessions.calendar_entries import STATUS
from portal.timetable.zones import zone_named

# An event without a public history counts as written this long before it begins.
UNDATED = timedelta(days=60)
# How long before an event that was saved by itself the calendar reminds of it.
ALARMS = (timedelta(days=1), timedelta(hours=2))


def uid_of(event: Event, *, site: Site) -> str:
    """The identity of an event in every calendar: it depends on the office and the slug alone."""
    return f"events-{event.slug}@{site.place or 'office'}.portal"


def modified_at(event: Event) -> datetime:
    """When the event was last published in another state, else its newest change; the same for every reader."""
    if event.facts.modified is not None:
        return event.facts.modified
    days = [change.on for words in event.document.words.values() for change in words.changes]
    day = max(days, default=event.facts.starts.date() - UNDATED)
    return datetime.combine(day, time(), tzinfo=UTC)


def entry_of(
    event: Event, *, language: str, site: Site, places: Mapping[str, Any], page: str, with_alarms: bool = False
) -> Entry:
    """The calendar entry of an event; an event that does not take place has no alarms."""
    words = event.document.words_in(language).words
    location = labels.location_of(event, language, places=places)
    return Entry(
        uid=uid_of(event, site=site),
        start=event.occurrence.start,
        end=event.occurrence.end,
        summary=_title(words.title, event, language=language, site=site),
        sequence=event.facts.sequence,
        modified=modified_at(event),
        status="CANCELLED" if event.facts.cancelled else STATUS[event.facts.state],
        description=_description(event, words.summary, language=language, site=site),
        location=location.line,
        geo=location.geo,
        url=page,
        is_busy=True,
        alarms=ALARMS if with_alarms and not event.facts.cancelled else (),
    )


def calendar_of(
    events: Iterable[Event],
    *,
    language: str,
    site: Site,
    places: Mapping[str, Any],
    page: Callable[[Event], str],
    with_alarms: bool = False,
) -> bytes:
    """The calendar file of these events; an event whose hours are not known stays out."""

    def entry(event: Event) -> Entry:
        link = page(event)
        return entry_of(event, language=language, site=site, places=places, page=link, with_alarms=with_alarms)

    entries = [entry(event) for event in events if event.facts.hours_known]
    translations = _translations(language)
    name = f"{translations.gettext('Events')}: {site.short_name.text(language)}"
    notice = _notice(site, language)
    return calendar_file(entries, name=name, description=notice, zone=zone_named(site.timezone), language=language)


def _title(title: str, event: Event, *, language: str, site: Site) -> str:
    translations = _translations(language)
    if event.facts.cancelled:
        title = f"{translations.gettext('Cancelled')}: {title}"
    return f"[{translations.gettext('sample')}] {title}" if event.facts.sample else title


def _description(event: Event, summary: str, *, language: str, site: Site) -> str:
    reason = event.facts.reason.text(language)
    was = labels.was_of(event, language, label=site.zone_label)
    translations = _translations(language)
    lines = [summary]
    if was:
        lines.append(translations.gettext("Was: %(when)s") % {"when": was})
    if reason:
        lines.append(translations.gettext("Reason: %(reason)s") % {"reason": reason})
    return "\n".join(line for line in [*lines, _notice(site, language)] if line)


def _notice(site: Site, language: str) -> str:
    if not site.is_preview:
        return ""
    notice = "Demonstration from public sources. The office has not adopted this site yet."
    return str(_translations(language).gettext(notice))


@lru_cache(maxsize=8)
def _translations(language: str) -> NullTranslations:
    return translations_of(language)
