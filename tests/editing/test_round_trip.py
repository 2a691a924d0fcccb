"""A form of every shipped page, opened and sent as it is, changes no byte; one change changes one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal import TYPES
from portal.editing.forms.filling import ON, Field
from portal.editing.forms.pages import PageForm
from portal.editing.forms.shapes import Box, Leaf, Rows
from tests.laws import ROOT

ZONE = ZoneInfo("Asia/Makassar")
LANGUAGES = ("id", "en")
FORMS = {type_.kind: PageForm(type_, LANGUAGES, ZONE) for type_ in TYPES}
FOLDERS = sorted(
    path.parent for root in ("content", "tests/sample_content") for path in (ROOT / root).glob("*/*/facts.yaml")
)


def files_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.suffix in (".yaml", ".md")}


def sent_of(form: PageForm, files: Mapping[str, str]) -> dict[str, list[str]]:
    """What a browser sends when nobody touches the form: line ends of the web, a blank beside every tick."""
    fields = [*form.facts(files), *(one for code in LANGUAGES for one in form.words(files, code))]
    return {name: values for one in fields for name, values in _sent(one)}


def _sent(one: Field) -> Iterator[tuple[str, list[str]]]:
    if isinstance(one.part, Leaf):
        values = [value.replace("\n", "\r\n") for value in one.values]
        yield one.name, [*values, ""] if one.widget in ("picks", "flag") else values or [""]
    elif isinstance(one.part, Box):
        if one.part.is_optional:
            yield f"{one.name}.{ON}", ["yes", ""] if one.is_on else [""]
        for below in one.below:
            yield from _sent(below)
    elif isinstance(one.part, Rows):
        for row in one.rows:
            for below in row:
                yield from _sent(below)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "/".join(folder.parts[-3:]))
def test_an_untouched_form_changes_no_byte(folder: Path) -> None:
    form, files = FORMS[folder.parent.name], files_of(folder)
    assert form.put(files, sent_of(form, files)) == files
