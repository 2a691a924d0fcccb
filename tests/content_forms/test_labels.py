"""Every field, choice and kind that a staff form shows has a label beside it, and every label is translated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from portal import FEATURES
from portal.content.document import DocumentType
from portal.content.fields import Label
from portal.content_forms.labels import field_label
from portal.content_forms.schema import Box, Leaf, Part, facts_parts, words_parts
from portal.languages.catalogues import translations_of

TYPES = [type_ for feature in FEATURES for type_ in feature.types]
LANGUAGES = ("id", "en")


def parts_below(parts: Sequence[Part], name: str) -> Iterator[tuple[str, Part]]:
    """Every part with its dotted name, but for the languages of a text."""
    for part in parts:
        yield f"{name}.{part.key}", part
        if not isinstance(part, Leaf) and not (isinstance(part, Box) and part.is_local):
            yield from parts_below(part.parts, f"{name}.{part.key}")


def every_part(type_: DocumentType) -> list[tuple[str, Part]]:
    facts, words = facts_parts(type_, LANGUAGES), words_parts(type_)
    return [*parts_below(facts, "facts"), *parts_below(words, "id")]


def is_translated(message: str) -> bool:
    # The Indonesian text of some messages is the message itself, such as "Region"; a missing one is no key at all.
    return message in translations_of("id")._catalog  # type: ignore[attr-defined]


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.kind)
def test_every_field_and_every_choice_has_a_translated_label(type_: DocumentType) -> None:
    for name, part in every_part(type_):
        assert is_translated(part.label.text), name
        assert not part.label.help or is_translated(part.label.help), name
        for value, message in part.choices.items() if isinstance(part, Leaf) else ():
            assert is_translated(message), f"{name}: {value}"


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.kind)
def test_every_kind_has_names_and_a_position_of_its_own(type_: DocumentType) -> None:
    assert is_translated(type_.plural) and is_translated(type_.singular)
    assert [other.kind for other in TYPES if other.position == type_.position] == [type_.kind]


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.kind)
def test_a_label_is_found_by_the_name_of_its_field(type_: DocumentType) -> None:
    for name, part in every_part(type_):
        assert field_label(type_, name) == part.label, name


def test_names_of_rows_ticks_and_languages_lead_to_the_field_around_them() -> None:
    types = {type_.kind: type_ for type_ in TYPES}
    assert field_label(types["faq"], "en.changes.3.note").text == "What changed"
    assert field_label(types["permits"], "facts.window.on!").text == "When to apply"
    assert field_label(types["news"], "facts.place.en").text == "Place"
    assert field_label(types["news"], "facts.no_such_key") == Label("no such key")


def test_a_kind_calls_a_common_field_in_its_own_words() -> None:
    types = {type_.kind: type_ for type_ in TYPES}
    assert field_label(types["faq"], "id.summary").text == "The answer in one sentence"
    assert field_label(types["news"], "id.summary").text == "Summary"
