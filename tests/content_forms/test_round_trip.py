"""A form of every shipped page, opened and sent as it is, changes no byte; one change changes one thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.content.parsing import split_front_matter, yaml_of
from portal.content_forms.binding import OPTIONAL_TICK
from portal.content_forms.document_form import split_words_file, translatable_digest
from portal.content_forms.widgets import clean
from tests.conftest import FULL
from tests.content_forms.filling import FOLDERS, FORMS, SAMPLE, files_of, sent_of

FAQ = files_of(SAMPLE / "faq" / "berapa-biaya")
GUIDE = files_of(SAMPLE / "guidance" / "kartu-baru")
NEWS = files_of(SAMPLE / "news" / "loket-baru")
EXAMPLES = 400 if FULL else 25
TYPED = st.text(st.characters(codec="utf-8"), max_size=60)


# Every page of the content with the tests of the whole site, a few of each kind with those of the code.
EVERY = pytest.param(1, marks=pytest.mark.system)


@pytest.mark.parametrize("each", [8, EVERY])
def test_an_untouched_form_changes_no_byte(each: int) -> None:
    changed = []
    for folder in FOLDERS[::each]:
        form, files = FORMS[folder.parent.name], files_of(folder)
        if form.put(files, sent_of(form, files)) != files:
            changed.append("/".join(folder.parts[-3:]))
    assert len(FOLDERS) > 300
    assert changed == []


@pytest.mark.parametrize("each", [8, EVERY])
def test_one_changed_field_leaves_every_other_line_alone(each: int) -> None:
    for folder in FOLDERS[:: 4 * each]:
        _change_one_field(folder)


def _change_one_field(folder: Path) -> None:
    form, files = FORMS[folder.parent.name], files_of(folder)
    after = form.put(files, sent_of(form, files) | {"id.title": ["Judul lain"], "facts.owner": ["tim-baru"]})
    changed = {name for name in files if after[name] != files[name]}
    assert changed == {"id.md", "facts.yaml"}, folder
    for name in changed:
        before, now = files[name].splitlines(), after[name].splitlines()
        assert len({*now} - {*before}) == 1, folder / name
    assert split_words_file(after["id.md"])[1] == split_words_file(files["id.md"])[1], folder


@settings(max_examples=EXAMPLES, deadline=None)
@given(title=TYPED, summary=TYPED, body=TYPED, owner=TYPED, keyword=TYPED)
def test_whatever_is_typed_comes_back_as_it_was_typed(
    title: str, summary: str, body: str, owner: str, keyword: str
) -> None:
    form = FORMS["faq"]
    typed = {"id.title": [title], "id.summary": [summary], "id.body": [body], "id.keywords": [keyword]}
    first = form.put(FAQ, sent_of(form, FAQ) | typed | {"facts.owner": [owner]})
    again = sent_of(form, first)
    assert form.put(first, again) == first
    # The reader takes the file, or the draft would be stuck.
    front, _body = split_front_matter(first["id.md"], "id.md")
    assert front.get("title") == (" ".join(clean(title).split()) or None)
    assert yaml_of(first["facts.yaml"], "facts.yaml").get("owner") == (" ".join(clean(owner).split()) or None)


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows=st.lists(st.tuples(st.dates().map(str), TYPED), max_size=5))
def test_a_form_that_is_sent_twice_changes_nothing_the_second_time(rows: list[tuple[str, str]]) -> None:
    form = FORMS["faq"]
    sent = sent_of(form, FAQ)
    for at, (day, note) in enumerate(rows):
        sent |= {f"id.changes.{at}.on": [day], f"id.changes.{at}.note": [note]}
    once = form.put(FAQ, sent)
    assert form.put(once, sent) == once


def test_a_row_that_was_blanked_is_gone_once_and_for_all() -> None:
    form = FORMS["faq"]
    rows = {f"id.changes.{at}.{key}": [text] for at, text in enumerate(["2026-01-01", "2026-01-02", "2026-01-03"])
            for key, text in (("on", text), ("note", f"Baris {at}"))}  # fmt: skip
    three = form.put(FAQ, sent_of(form, FAQ) | rows)
    blanked = sent_of(form, three) | {"id.changes.0.on": [""], "id.changes.0.note": [""]}
    two = form.put(three, blanked)
    assert two["id.md"].count("note: Baris") == 2
    assert "Baris 0" not in two["id.md"]
    # The script sends the same blank row again until the page is loaded anew.
    assert form.put(two, blanked) == two


def test_what_cannot_be_understood_is_kept_as_it_was_typed() -> None:
    form = FORMS["permits"]
    files = {"facts.yaml": "status: published\ncode: C1\nform: visit-single\n", "id.md": "---\ntitle: A\n---\n"}
    typed = {"facts.stay.maximum_days": ["enam puluh"], "facts.review_by": ["besok"], "facts.articles": ["a: [b"]}
    after = form.put(files, sent_of(form, files) | typed)
    shown = sent_of(form, after)
    assert {name: shown[name] for name in typed} == typed


def test_a_part_that_may_be_left_out_is_put_in_and_taken_out_by_its_tick() -> None:
    form = FORMS["permits"]
    files = {"facts.yaml": "status: published\ncode: C1\nform: visit-single\n", "id.md": "---\ntitle: A\n---\n"}
    name = f"facts.window.{OPTIONAL_TICK}"
    ticked = form.put(files, sent_of(form, files) | {name: ["", "yes"], "facts.window.latest_days": ["7"]})
    assert yaml_of(ticked["facts.yaml"], "")["window"] == {"latest_days": 7}
    assert form.put(ticked, sent_of(form, ticked) | {name: [""]})["facts.yaml"] == files["facts.yaml"]


def test_picks_keep_their_order_and_their_line() -> None:
    form = FORMS["faq"]
    before = {**FAQ, "facts.yaml": "status: published\ntopics: [c, a, b]  # tetap\n"}
    after = form.put(before, sent_of(form, before) | {"facts.topics": ["a", "c", "d", ""]})
    assert yaml_of(after["facts.yaml"], "")["topics"] == ["c", "a", "d"]
    assert "# tetap" in after["facts.yaml"]
    assert after["facts.yaml"].splitlines()[1].startswith("topics: [")


def test_a_translation_begins_and_goes_with_its_words() -> None:
    form = FORMS["faq"]
    alone = {name: text for name, text in FAQ.items() if name != "en.md"}
    begun = form.put(alone, sent_of(form, alone) | {"en.title": ["What it costs"], "en.body": ["Pay."]})
    assert begun["en.md"] == "---\ntitle: What it costs\n---\nPay.\n"
    blank = {name: [""] for name in sent_of(form, begun) if name.startswith("en.")}
    assert "en.md" not in form.put(begun, sent_of(form, begun) | blank)


def test_a_stamp_names_the_indonesian_text_of_the_same_save() -> None:
    form = FORMS["faq"]
    after = form.put(FAQ, sent_of(form, FAQ) | {"id.title": ["Judul baru"], "en.stamp": ["yes"]})
    front, _body = split_front_matter(after["en.md"], "en.md")
    assert front["translates"] == translatable_digest(after["id.md"])
    assert form.put(after, sent_of(form, after) | {"en.stamp": ["yes"]}) == after


def test_dates_and_numbers_are_written_as_the_project_writes_them() -> None:
    form = FORMS["news"]
    after = form.put(NEWS, sent_of(form, NEWS) | {"facts.published_on": ["2026-12-24"]})
    assert "\npublished_on: 2026-12-24\n" in after["facts.yaml"]
    after = form.put(NEWS, sent_of(form, NEWS) | {"facts.publish_from": ["2026-12-24T08:00"]})
    assert "publish_from: 2026-12-24T08:00+08:00\n" in after["facts.yaml"]


def test_fields_that_were_not_sent_stay() -> None:
    assert FORMS["guidance"].put(GUIDE, {"id.title": ["Judul lain"]})["facts.yaml"] == GUIDE["facts.yaml"]
    assert FORMS["guidance"].put(GUIDE, {}) == GUIDE


def test_what_the_desk_keeps_cannot_be_sent() -> None:
    hostile = {"facts.status": ["draft"], "facts.sequence": ["99"], "facts.unknown": ["x"], "facts.owner.x": ["y"]}
    assert FORMS["faq"].put(FAQ, sent_of(FORMS["faq"], FAQ) | hostile) == FAQ


def test_a_file_that_is_written_oddly_loses_nothing() -> None:
    form = FORMS["faq"]
    twice = {**FAQ, "id.md": FAQ["id.md"].replace("---\n", "---\ntitle: Lama\n", 1)}
    after = form.put(twice, sent_of(form, twice) | {"id.summary": ["Ringkasan lain."]})
    front, _body = split_front_matter(after["id.md"], "id.md")
    before, _body = split_front_matter(twice["id.md"], "id.md")
    assert front == before | {"summary": "Ringkasan lain."}
    for broken in ("status: [", "- a list"):
        odd = {**FAQ, "facts.yaml": broken}
        assert form.put(odd, sent_of(form, odd) | {"facts.owner": ["baru"]})["facts.yaml"] == broken
