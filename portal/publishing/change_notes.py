"""The first line of a page's public history, from which feeds and readers learn that the page is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.content.reader import WORDS_FILE
from portal.content.yaml_editing import Written, yaml_text
from portal.content_forms.document_form import join_words_file, mapping_of, split_words_file


def announced(files: Mapping[str, str], *, on: date, notes: Mapping[str, str]) -> dict[str, str]:
    """The texts with the note of their language as first change, in every language whose words tell of none."""
    found = dict(files)
    for name, text in files.items():
        matched = WORDS_FILE.match(name)
        if matched is None or matched[1] not in notes:
            continue
        front, body = split_words_file(text)
        values = mapping_of(front)
        if not values.get("changes"):
            values["changes"] = [{"on": Written(on.isoformat()), "note": notes[matched[1]]}]
            found[name] = join_words_file(yaml_text(values), body)
    return found
