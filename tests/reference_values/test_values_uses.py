"""A page that looks a value up while it is made is among the uses of that value, and no value leaves a gap."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import msgspec
import pytest
from flask import Flask, g
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.content.parsing import yaml_of
from portal.content.reference import DatedValue
from portal.content.yaml_editing import yaml_text
from portal.page_cache.tracking import TrackedCatalogue
from portal.reference_values.changes import DatedChange, NoValueThen, SameValue, changed
from portal.reference_values.uses import uses_of
from portal.web.addresses import address_of
from portal.web.pages import PageResponse
from portal.web.state import portal
from tests.conftest import FULL, AppFactory

CONTENT = Path(__file__).resolve().parents[2] / "content"
REFERENCES = ("laws", "contacts")
FIRST = date(2026, 1, 1)


@pytest.fixture(scope="module", params=[False, pytest.param(True, marks=pytest.mark.full)], ids=["sample", "office"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    factory = AppFactory(tmp_path_factory.mktemp("uses"))
    clock = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    return factory(content=CONTENT, clock=clock) if request.param else factory(clock=clock)


def shown(app: Flask) -> list[Document]:
    """Every document that has a page of its own."""
    with app.app_context():
        catalogue = portal().live.current()
    kinds = ("guidance", "faq", "permits", "news", "pages", "events", "schedules")
    return [one for kind in kinds for one in catalogue.all(kind) if one.facts.status == "published"]


def made(app: Flask, document: Document, catalogue: Catalogue | None = None) -> tuple[str, frozenset[str]]:
    """The page of a document with that catalogue, and what it asked of the lists while it was made."""
    with app.test_request_context():
        path = address_of(document, "id")
    with app.test_request_context(path):
        if catalogue is not None:
            g.catalogue = TrackedCatalogue(catalogue)
        answer = app.full_dispatch_request()
        tags = answer.page.tags if isinstance(answer, PageResponse) and answer.is_shared else frozenset()
        return answer.get_data(as_text=True), tags


def test_every_page_that_looks_a_rule_or_contact_up_is_among_its_uses(app: Flask) -> None:
    with app.app_context():
        catalogue = portal().live.current()
    used = {
        f"reference/{name}/{id_}": {use.document.key for use in uses_of(catalogue, name, id_).pages}
        for name in REFERENCES
        for id_ in catalogue.reference(name)
    }
    assert any(used.values())
    looked_up = {document.key: made(app, document)[1] & used.keys() for document in shown(app)}
    missing = [(tag, key) for key, tags in looked_up.items() for tag in sorted(tags) if key not in used[tag]]
    assert missing == []


def test_a_page_that_differs_with_another_fee_is_among_its_uses(app: Flask) -> None:
    with app.app_context():
        catalogue = portal().live.current()
    documents = shown(app)
    before = {document.key: made(app, document)[0] for document in documents}
    fees = catalogue.reference("fees")
    for id_ in list(fees)[:3]:
        other = msgspec.structs.replace(fees[id_], values=(DatedValue(value=123_457),))
        changed_fees = MappingProxyType({**fees, id_: other})
        references = MappingProxyType({**catalogue.references, "fees": changed_fees})
        after = dataclasses.replace(catalogue, references=references)
        differing = {one.key for one in documents if made(app, one, after)[0] != before[one.key]}
        used = {use.document.key for use in uses_of(catalogue, "fees", id_).pages}
        assert differing <= used, id_
        assert differing or not used


days = st.integers(0, 800).map(lambda offset: FIRST + timedelta(days=offset))
values = st.one_of(st.integers(0, 5), st.just("unknown"))


@settings(deadline=None)
@given(st.lists(st.tuples(days, values), max_size=8 if not FULL else 20))
def test_however_values_follow_each_other_no_day_has_none_and_none_has_two(
    changes: list[tuple[date, int | str]],
) -> None:
    path = "reference/fees.yaml"
    text = "# Kept.\nlain:\n  values:\n  - value: 9\nini:\n  name: {id: Ini}\n  values: [{value: 1}]\n# Also kept.\n"
    meant: dict[date, int | str] = {}
    for starts, value in changes:
        change = DatedChange(value=value, starts=starts, legal_basis=("a",))
        try:
            text = changed({path: text}, "ini", change, stem="reference/fees")[path]
        except SameValue:
            continue
        meant[starts] = value
    assert text.startswith("# Kept.\nlain:\n  values:\n  - value: 9\nini:\n")
    assert text.endswith("# Also kept.\n")
    results = [_value(one) for one in yaml_of(text, path)["ini"]["values"]]
    for offset in range(-1, 802):
        day = FIRST + timedelta(days=offset)
        holding = [one for one in results if one.holds_on(day)]
        assert len(holding) == 1
        begun = [starts for starts in meant if starts <= day]
        if begun and max(begun) == holding[0].valid_from:
            assert holding[0].value == meant[max(begun)]


def _value(plain: object) -> DatedValue:
    return msgspec.convert(yaml_of(yaml_text(plain), ""), DatedValue)


def test_nothing_follows_on_a_day_for_which_no_value_is_known() -> None:
    text = "ini:\n  values:\n  - value: 1\n    valid_from: 2026-01-01\n"
    with pytest.raises(NoValueThen):
        changed({"f": text}, "ini", DatedChange(value=2, starts=date(2025, 1, 1)), stem="f")
