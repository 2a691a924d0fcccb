"""Calendar files tell a changed time by a number that grows: an edit of a time, place or state raises it by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.content.document import Document
from portal.content.parsing import Problem
from portal.content.yaml_editing import yaml_text
from portal.content_forms.document_form import FACTS_FILE, mapping_of
from portal.events import checks as event_checks
from portal.schedules import checks as schedule_checks

_PROBLEMS: Mapping[str, Callable[[Document, Document], Problem | None]] = {
    "events": event_checks.sequence_problem,
    "schedules": schedule_checks.sequence_problem,
}


def has_sequence(kind: str) -> bool:
    """Whether pages of that kind become calendar files."""
    return kind in _PROBLEMS


def numbered(
    files: Mapping[str, str], published: Document, edited: Document, *, now: datetime, zone: ZoneInfo
) -> dict[str, str]:
    """The texts of `edited` with the number above that of the published page, where its calendar files change."""
    if _PROBLEMS[edited.kind](published, edited) is None:
        return dict(files)
    facts = mapping_of(files[FACTS_FILE])
    facts["sequence"] = published.facts.sequence + 1
    facts["modified"] = now.astimezone(zone).isoformat(timespec="seconds")
    return {**files, FACTS_FILE: yaml_text(facts)}
