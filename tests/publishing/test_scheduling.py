"""Changes that wait: picked by the moment, folded in later, carried along by what is published before them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.drafts.models import PUBLISHED, SCHEDULED
from portal.publishing.edits import Edit
from portal.publishing.reconcile import publish_due
from portal.publishing.scheduled import PastTime, ScheduleConflict
from tests.content.tree import FILES
from tests.publishing.office import MARIA, NOW, PAGE, Office

TEXT = FILES[f"{PAGE}/id.md"]
ZONE = ZoneInfo("Asia/Makassar")
AT = NOW + timedelta(days=3)
FOLDER = f"{PAGE}/next/{AT.astimezone(ZONE):%Y-%m-%dT%H%M}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def title(office: Office, *, after: timedelta) -> str:
    document = office.live.current().find(PAGE)
    assert document is not None
    return document.version_at(NOW + after).title("id")


def retitled(name: str) -> str:
    return TEXT.replace("Berapa biayanya?", name)


def test_a_change_waits_for_its_moment_and_is_folded_in_by_the_next(office: Office) -> None:
    draft = office.draft(id_md=retitled("Berapa tarifnya?"))
    done = office.publish(draft, at=AT)
    assert all(path.startswith(FOLDER) for path in done.paths)
    assert office.held(draft).state == SCHEDULED
    assert office.held(draft).publish_at == AT
    assert "based_on:" in (office.text(f"{FOLDER}/facts.yaml") or "")
    assert (title(office, after=timedelta()), title(office, after=timedelta(days=3))) == (
        "Berapa biayanya?",
        "Berapa tarifnya?",
    )
    assert not [p for p in office.live.current().problems if not p.is_warning]
    with office.session() as session:
        assert publish_due(session, now=AT - timedelta(seconds=1)) == 0
        assert publish_due(session, now=AT) == 1
    assert office.held(draft).state == PUBLISHED
    english = FILES[f"{PAGE}/en.md"]
    later = Edit(
        author="maria",
        person=MARIA,
        reason="Nanti",
        seen={f"{PAGE}/en.md": english},
        changes={f"{PAGE}/en.md": english + "\nX\n"},
    )
    office.publish(later, now=AT + timedelta(hours=1))
    assert office.text(f"{PAGE}/id.md") == retitled("Berapa tarifnya?")
    assert office.text(f"{PAGE}/facts.yaml") == FILES[f"{PAGE}/facts.yaml"]
    assert office.text(f"{FOLDER}/id.md") is None
    document = office.live.current().find(PAGE)
    assert document is not None and document.scheduled == ()


def test_what_is_published_before_reaches_the_version_that_waits(office: Office) -> None:
    office.publish(office.draft(id_md=retitled("Berapa tarifnya?")), at=AT)
    office.publish(office.draft(id_md=TEXT + "\nSekarang juga.\n"))
    waiting = office.text(f"{FOLDER}/id.md") or ""
    assert "Berapa tarifnya?" in waiting and "Sekarang juga." in waiting


def test_two_changes_of_the_same_lines_are_refused(office: Office) -> None:
    office.publish(office.draft(id_md=retitled("Berapa tarifnya?")), at=AT)
    with pytest.raises(ScheduleConflict) as conflict:
        office.publish(office.draft(id_md=retitled("Biaya berapa?")))
    assert conflict.value.folder == FOLDER


def test_a_later_version_takes_an_earlier_one_along_and_gives_it_up(office: Office) -> None:
    office.publish(office.draft(id_md=TEXT + "\nAkhir.\n"), at=AT + timedelta(days=3))
    office.publish(office.draft(id_md=retitled("Berapa tarifnya?")), at=AT)
    assert title(office, after=timedelta(days=9)) == "Berapa tarifnya?"
    cancel = Edit(author="maria", person=MARIA, reason="Batal", cancels=(FOLDER,))
    office.publish(cancel)
    assert title(office, after=timedelta(days=9)) == "Berapa biayanya?"
    later = f"{PAGE}/next/{AT + timedelta(days=3, hours=8):%Y-%m-%dT%H%M}/id.md"
    assert "Akhir." in (office.text(later) or "")


def test_a_new_page_shows_itself_from_its_moment(office: Office) -> None:
    facts, words = "status: published\ntopics: [paspor]\n", "---\ntitle: Baru\nsummary: Ya.\n---\nIsi.\n"
    draft = office.draft("faq/baru", new=True, facts_yaml=facts, id_md=words)
    office.publish(draft, at=AT)
    document = office.live.current().find("faq/baru")
    assert document is not None and document.facts.publish_from == AT


def test_the_past_is_refused(office: Office) -> None:
    with pytest.raises(PastTime):
        office.publish(office.draft(id_md=retitled("Kemarin")), at=NOW)
