"""Sequence numbers of calendar files: an edit that changes what such a file says raises the number by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.content.document import Document
from portal.content.yaml_editing import yaml_text
from portal.content_forms.document_form import FACTS_FILE, mapping_of

Stamp = Callable[[Document], object]


def numbered(
    files: Mapping[str, str], published: Document, edited: Document, stamp: Stamp, *, now: datetime, zone: ZoneInfo
) -> Mapping[str, str]:
    """The texts of `edited`, numbered above the published page where the stamp of its calendar files differs."""
    if stamp(published) == stamp(edited) or edited.facts.sequence > published.facts.sequence:
        return files
    facts = mapping_of(files[FACTS_FILE])
    facts["sequence"] = published.facts.sequence + 1
    facts["modified"] = now.astimezone(zone).isoformat(timespec="seconds")
    return {**files, FACTS_FILE: yaml_text(facts)}
