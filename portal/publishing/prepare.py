"""What publishing itself writes into the texts of a draft: the first public change note, the sequence number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.content.document import Document
from portal.content.loading.reader import WORDS_FILE
from portal.content.yaml_editing import PlainScalar, yaml_text
from portal.content_forms.document_form import FACTS_FILE, join_words_file, mapping_of, split_words_file

CalendarStamp = Callable[[Document], object]


def with_first_note(files: Mapping[str, str], *, on: date, notes: Mapping[str, str]) -> dict[str, str]:
    """The texts with the note of their language as first change, in every language whose words tell of none.

    From it feeds and readers learn that the page is there.
    """
    prepared = dict(files)
    for name, text in files.items():
        matched = WORDS_FILE.match(name)
        if matched is None or matched[1] not in notes:
            continue
        front, body = split_words_file(text)
        values = mapping_of(front)
        if not values.get("changes"):
            values["changes"] = [{"on": PlainScalar(on.isoformat()), "note": notes[matched[1]]}]
            prepared[name] = join_words_file(yaml_text(values), body)
    return prepared


def with_next_sequence(
    files: Mapping[str, str],
    published: Document,
    edited: Document,
    stamp: CalendarStamp,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Mapping[str, str]:
    """The texts of `edited`, numbered above the published page where what its calendar file says (`stamp`) differs."""
    if stamp(published) == stamp(edited) or edited.facts.sequence > published.facts.sequence:
        return files
    facts = mapping_of(files[FACTS_FILE])
    facts["sequence"] = published.facts.sequence + 1
    facts["modified"] = now.astimezone(zone).isoformat(timespec="seconds")
    return {**files, FACTS_FILE: yaml_text(facts)}
