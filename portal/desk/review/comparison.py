"""Changes as pages of the desk show them: plain names of fields, paragraphs, words, moments to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.desk.blueprint import form_of
from portal.drafts import diff
from portal.drafts.diff import FieldChange, Paragraph
from portal.drafts.word_diff import Piece
from portal.languages import formatting
from portal.publishing.scheduled import days_until
from portal.web.clock import office_zone, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.pages import plain_catalogue


def changes_of(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[dict[str, Any]]:
    """What differs between two states of a page: a group for each language, then one for the facts."""
    found = diff.changes(form_of(kind), old, new)
    groups = [_group(kind, one.code, one.name, found) for one in plain_catalogue().site.languages]
    groups.append(_group(kind, "", _("Facts, the same in every language"), found))
    return [group for group in groups if group["fields"]]


def _group(kind: str, code: str, label: str, found: Sequence[FieldChange]) -> dict[str, Any]:
    fields = [
        {"label": _label(kind, one), "paragraphs": [_paragraph(one, paragraph) for paragraph in one.paragraphs]}
        for one in found
        if one.language == code
    ]
    return {"id": code or "facts", "lang": code, "label": label, "fields": fields}


def _label(kind: str, change: FieldChange) -> str:
    key = change.name.rpartition(".")[2]
    kept = {"status": _("State of the page"), "withdrawn": _("Why the page is withdrawn")}
    return kept.get(key) or _(change.field.part.label.text if change.field else key)


def _paragraph(change: FieldChange, paragraph: Paragraph) -> dict[str, Any]:
    numbered = {
        diff.NEW: _("Paragraph %(number)s (new)", number=paragraph.number),
        diff.GONE: _("Paragraph %(number)s (gone)", number=paragraph.number),
        diff.CHANGED: _("Paragraph %(number)s", number=paragraph.number),
    }
    shown = numbered[paragraph.state] if diff.is_body(change) else ""
    return {"label": shown, "pieces": [Piece(one.kind, _words(change, one.text)) for one in paragraph.pieces]}


def _words(change: FieldChange, text: str) -> str:
    states = {"published": _("Public"), "withdrawn": _("Withdrawn"), "draft": _("Kept back")}
    return states.get(text, text) if change.name.endswith(".status") else text


def moment_words(at: datetime) -> str:
    """A moment to come as people say it: weekday, day, time, zone and how long until then."""
    local = at.astimezone(office_zone())
    days = days_until(local, request_clock().now)
    day = formatting.short_day(local.date(), language(), year=local.year != request_clock().now.year)
    weekday, clock = formatting.weekday(local.date(), language()), formatting.clock(local, language())
    shown = f"{weekday} {day} {clock} {plain_catalogue().site.zone_label}"
    if days < 0:
        return shown
    if days == 0:
        return _("%(moment)s, today", moment=shown)
    if days == 1:
        return _("%(moment)s, tomorrow", moment=shown)
    return _("%(moment)s, %(wait)s", moment=shown, wait=ngettext("in %(num)d day", "in %(num)d days", days))
