"""The words of developers are complete in every language, and nothing but them is in the catalogues."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.invariants import ROOT

TRANSLATIONS = ROOT / "translations"
LANGUAGES = sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())
# The language of the message ids themselves: an empty translation there is the id.
SOURCE_LANGUAGE = "en"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")


@cache
def extracted() -> dict[str | tuple[str, ...], str]:
    """The messages in code and templates, each with a place that uses it."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    result = extract_from_dir(ROOT, methods, options, keywords=keywords)
    return {message: f"{name}:{line}" for name, line, message, _, _ in result if message}


@cache
def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def _forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def test_there_are_two_languages() -> None:
    assert LANGUAGES == ["en", "id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = []
    for message, place in extracted().items():
        entry = known.get(message[0] if isinstance(message, tuple) else message)
        if entry is None or (language != SOURCE_LANGUAGE and not all(_forms(entry))):
            missing.append(f"{place}: {message}")
    assert missing == []


def test_messages_within_formatted_strings_are_gathered_too() -> None:
    """Babel does not read into formatted strings; a message that stands only there is never translated."""
    known = {one for message in extracted() for one in (message if isinstance(message, tuple) else (message,))}
    lost = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "portal").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_", "ngettext")
        if not (isinstance(call.args[0], ast.Constant) and call.args[0].value in known)
    ]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_or_obsolete(language: str) -> None:
    known = catalogue(language)
    assert not known.fuzzy, "a fuzzy header makes the compiler skip the whole catalogue"
    assert [entry.id for entry in known if entry.id and entry.fuzzy] == []
    assert list(known.obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str) -> None:
    broken = []
    for entry in catalogue(language):
        ids = entry.id if isinstance(entry.id, tuple | list) else [entry.id]
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        broken += [entry.id for form in _forms(entry) if entry.id and form and set(PLACEHOLDER.findall(form)) - wanted]
        if len(ids) == 1:
            broken += [
                entry.id for form in _forms(entry) if entry.id and form and wanted - set(PLACEHOLDER.findall(form))
            ]
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_left_over(language: str) -> None:
    used = {message[0] if isinstance(message, tuple) else message for message in extracted()}
    ids = (entry.id[0] if isinstance(entry.id, tuple | list) else entry.id for entry in catalogue(language) if entry.id)
    assert sorted(set(ids) - used) == [], "run `make translations`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_there(language: str) -> None:
    assert Path(TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").exists(), "run `make ready`"
