"""Changes as pages of the desk show them: names of fields, paragraphs, words; and the time of a scheduled change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True)
class ChangedParagraph:
    """A paragraph with the pieces that were kept, deleted and inserted; only those of a body text have a label."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class ChangedField:
    """A field that differs; no paragraphs where only its order or spacing does."""

    label: str
    paragraphs: list[ChangedParagraph]


@dataclass(frozen=True)
class ChangeGroup:
    """The changed fields of one language, or the changed facts, whose `lang` is empty."""

    id: str
    lang: str
    label: str
    fields: list[ChangedField]


def change_groups(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[ChangeGroup]:
    """What differs between the texts of two states of a page: a group for each language, then one for the facts."""
    changes = diff.changes(form_of(kind), old, new)
    groups = [_group(entry.code, entry.name, changes) for entry in plain_catalogue().site.languages]
    groups.append(_group("", _("Facts, the same in every language"), changes))
    return [group for group in groups if group.fields]


def _group(code: str, label: str, changes: Sequence[FieldChange]) -> ChangeGroup:
    fields = [
        ChangedField(_label(change), [_paragraph(change, paragraph) for paragraph in change.paragraphs])
        for change in changes
        if change.language == code
    ]
    return ChangeGroup(code or "facts", code, label, fields)


def _label(change: FieldChange) -> str:
    key = change.name.rpartition(".")[2]
    kept = {"status": _("State of the page"), "withdrawn": _("Why the page is withdrawn")}
    return kept.get(key) or _(change.field.part.label.text if change.field else key)


def _paragraph(change: FieldChange, paragraph: Paragraph) -> ChangedParagraph:
    numbered = {
        diff.NEW: _("Paragraph %(number)s (new)", number=paragraph.number),
        diff.GONE: _("Paragraph %(number)s (gone)", number=paragraph.number),
        diff.CHANGED: _("Paragraph %(number)s", number=paragraph.number),
    }
    label = numbered[paragraph.state] if diff.is_body(change) else ""
    return ChangedParagraph(label, [Piece(piece.kind, _words(change, piece.text)) for piece in paragraph.pieces])


def _words(change: FieldChange, text: str) -> str:
    states = {"published": _("Public"), "withdrawn": _("Withdrawn"), "draft": _("Kept back")}
    return states.get(text, text) if change.name.endswith(".status") else text


def scheduled_label(at: datetime) -> str:
    """A time to come: weekday, day, time, zone and how long until then."""
    local = at.astimezone(office_zone())
    days = days_until(local, request_clock().now)
    day = formatting.short_day(local.date(), language(), year=local.year != request_clock().now.year)
    weekday, clock = formatting.weekday(local.date(), language()), formatting.clock(local, language())
    moment = f"{weekday} {day} {clock} {plain_catalogue().site.zone_label}"
    if days < 0:
        return moment
    if days == 0:
        return _("%(moment)s, today", moment=moment)
    if days == 1:
        return _("%(moment)s, tomorrow", moment=moment)
    return _("%(moment)s, %(wait)s", moment=moment, wait=ngettext("in %(num)d day", "in %(num)d days", days))
