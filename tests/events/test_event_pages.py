"""The programme, the page of an event, its structured data, calendar files, cards and shared text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from tests.events.conftest import OutreachApp
from tests.events.event_site import SLUG, write_event

NOW = datetime.now(UTC).replace(microsecond=0)
SOON = NOW + timedelta(days=10)


def page(outreach: OutreachApp, path: str) -> str:
    answer = outreach.client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def structured(text: str) -> dict[str, Any]:
    matches = [json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)]
    (event,) = [one for graph in matches for one in graph["@graph"] if one["@type"] == "Event"]
    return dict(event)


def add(outreach: OutreachApp, slug: str, *, days: int, more: str = "") -> None:
    write_event(outreach.content, starts=NOW + timedelta(days=days), capacity=3, slug=slug, more=more)
    outreach.reload_content()


def test_past_events_have_a_page_of_their_own(outreach: OutreachApp) -> None:
    add(outreach, "lampau", days=-40)
    coming, past = page(outreach, "/id/events/"), page(outreach, "/id/events/?when=past")
    assert f"/id/events/{SLUG}" in coming
    assert "/id/events/lampau" not in coming
    assert "/id/events/lampau" in past
    assert "Terlaksana" in past


def test_a_cancelled_event_stays_in_view_for_fourteen_days(outreach: OutreachApp) -> None:
    off = "cancelled: true\nsequence: 1\nreason: {id: Hujan, en: Rain}\n"
    add(outreach, "baru-batal", days=-13, more=off)
    add(outreach, "lama-batal", days=-16, more=off)
    text = page(outreach, "/en/events/")
    assert "/en/events/baru-batal" in text
    assert "Rain" in text
    assert "/en/events/lama-batal" not in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("district=lembah", {"lain"}),
        ("district=kota-contoh", {SLUG}),
        ("topic=kartu", {"lain"}),
        ("topic=kantor&district=lembah", set()),
        ("audience=warga", {SLUG, "lain"}),
        ("month=" + (NOW + timedelta(days=70)).strftime("%Y-%m"), {"lain"}),
        ("district=%3Cscript%3E", {SLUG, "lain"}),
        ("month=abc", {SLUG, "lain"}),
        ("page=99", {SLUG, "lain"}),
        ("page=x", {SLUG, "lain"}),
    ],
)
def test_filters_are_links_and_survive_nonsense(outreach: OutreachApp, query: str, shown: set[str]) -> None:
    folder = write_event(outreach.content, starts=NOW + timedelta(days=70), capacity=3, slug="lain")
    facts = folder / "facts.yaml"
    facts.write_text(facts.read_text().replace("kota-contoh", "lembah").replace("[kantor]", "[kartu]"))
    outreach.reload_content()
    text = page(outreach, f"/id/events/?{query}")
    matches = {slug for slug in (SLUG, "lain") if re.search(rf'<h2><a href="/id/events/{slug}"', text)}
    assert matches == shown


def test_structured_data_tell_the_true_state(outreach: OutreachApp) -> None:
    plain = structured(page(outreach, f"/en/events/{SLUG}"))
    assert plain["eventStatus"] == "https://schema.org/EventScheduled"
    assert plain["inLanguage"] == "en"
    earlier = (SOON + timedelta(hours=2)).isoformat()
    was = f"sequence: 1\nreason: {{id: Aula}}\nwas: {{starts: {SOON.isoformat()}, ends: {earlier}}}\n"
    outreach.rewrite(starts=SOON + timedelta(days=1), capacity=3, more=was)
    moved = structured(page(outreach, f"/en/events/{SLUG}"))
    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"
    assert datetime.fromisoformat(moved["previousStartDate"]) == SOON.replace(second=0)
    outreach.rewrite(starts=SOON, capacity=3, more="cancelled: true\nsequence: 2\nreason: {id: Hujan}\n")
    assert structured(page(outreach, f"/en/events/{SLUG}"))["eventStatus"] == "https://schema.org/EventCancelled"


def test_an_invented_event_never_stands_before_a_real_one_on_the_front_page(outreach: OutreachApp) -> None:
    outreach.rewrite(starts=SOON, capacity=3, more="sample: true\n")
    assert page(outreach, "/en/").count(f"/en/events/{SLUG}") == 1
    write_event(outreach.content, slug="nyata", starts=SOON + timedelta(days=2), capacity=3)
    outreach.reload_content()
    text = page(outreach, "/en/")
    assert text.index("/en/events/nyata") < text.index(f"/en/events/{SLUG}")


def test_a_sample_is_marked_everywhere_and_has_no_structured_data(outreach: OutreachApp) -> None:
    outreach.rewrite(starts=SOON, capacity=3, more="sample: true\n")
    text = page(outreach, f"/en/events/{SLUG}")
    assert '<span class="tag">sample</span>' in text
    assert text.index("This is an invented sample") < text.index('class="lead"')
    assert "Sources as of" not in text
    assert '"@type": "Event"' not in text
    assert "[sample]" in page(outreach, f"/en/events/{SLUG}/calendar.ics")
    assert "[sample]" in text.partition("data-text=")[2]


def test_shared_text_says_when_where_and_that_it_is_a_demonstration(outreach: OutreachApp) -> None:
    text = page(outreach, f"/id/events/{SLUG}")
    shared = re.search(r'data-text="([^"]*)"', text)
    assert shared is not None
    assert "Balai Warga, Jalan Contoh 2" in shared[1]
    assert f"http://localhost/id/events/{SLUG}" in shared[1]
    assert "Kantor belum mengadopsi" in shared[1]
    assert "https://wa.me/?text=" in text


def test_calendar_files_keep_their_identity_and_raise_their_sequence(outreach: OutreachApp) -> None:
    def entry(path: str) -> Any:
        answer = outreach.client.get(path)
        assert answer.mimetype == "text/calendar"
        vobject.readOne(answer.get_data(as_text=True))
        (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
        return event

    before = entry(f"/id/events/{SLUG}/calendar.ics")
    assert [alarm.decoded("trigger") for alarm in before.walk("VALARM")] == [timedelta(days=-1), timedelta(hours=-2)]
    assert "Balai Warga" in str(before["LOCATION"])
    assert entry("/id/events/calendar.ics").walk("VALARM") == []
    assert 'href="/id/events/calendar.ics"' in page(outreach, f"/id/events/{SLUG}")
    outreach.rewrite(starts=SOON, capacity=3, more="cancelled: true\nsequence: 1\nreason: {id: Hujan}\n")
    after = entry("/en/events/calendar.ics")
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert entry(f"/id/events/{SLUG}/calendar.ics").walk("VALARM") == []


def test_an_event_without_known_hours_shows_its_day_only(outreach: OutreachApp) -> None:
    folder = outreach.content / "events" / SLUG
    facts = (folder / "facts.yaml").read_text().partition("registration:")[0]
    (folder / "facts.yaml").write_text(facts + "hours_known: false\nfacts: []\n")
    outreach.reload_content()
    text = page(outreach, f"/id/events/{SLUG}")
    assert "Jamnya tidak tercatat" in text
    assert "WITA" not in text.partition("<main")[2].partition("</main>")[0]
    assert "VEVENT" not in page(outreach, "/id/events/calendar.ics")


def test_the_front_page_and_a_district_show_coming_events(outreach: OutreachApp) -> None:
    assert f"/id/events/{SLUG}" in page(outreach, "/id/")
    assert f"/en/events/{SLUG}" in page(outreach, "/en/coverage?district=kota-contoh")
    assert f"/en/events/{SLUG}" not in page(outreach, "/en/coverage?district=lembah")


def test_a_broken_event_leaves_the_last_good_page_up(outreach: OutreachApp) -> None:
    page(outreach, f"/id/events/{SLUG}")
    facts = outreach.content / "events" / SLUG / "facts.yaml"
    facts.write_text(facts.read_text().replace("ends:", "akhir:"))
    outreach.reload_content()
    assert "Pelatihan contoh" in page(outreach, f"/id/events/{SLUG}")


def test_a_request_is_sent_and_counted_in_public_without_names(outreach: OutreachApp) -> None:
    def send(**typed: str) -> Any:
        fields = {
            "stamp": outreach.stamp("outreach"),
            "website": "",
            "host": "SMA Contoh",
            "person": "Maria Bria",
            "place": "Aula sekolah",
            "district": "lembah",
            "audience": "warga",
            "topic": "kartu",
            "heads": "120",
            "date1": (NOW + timedelta(days=30)).date().isoformat(),
            "contact": "0812 3456 7890",
            "consent": "yes",
        }
        return outreach.client.post("/en/events/requests/new", data=fields | typed)

    assert "Nobody has asked here yet" in page(outreach, "/en/events/requests")
    assert send().status_code == 303
    text = page(outreach, "/en/events/requests")
    assert "Valley Regency" in text
    assert "120" in text
    assert not re.search("Maria|SMA|0812|6281", text)
    for typed, message in (
        ({"contact": ""}, "Write a telephone number or an e-mail address"),
        ({"contact": "abc"}, "We cannot read this number"),
        ({"heads": "99999"}, "This is more than the form can take"),
        ({"date1": "2026-02-31"}, "Write a date such as"),
        ({"date1": "2020-01-01"}, "Choose a day after today"),
        ({"topic": "lain"}, "Choose a topic"),
    ):
        answer = send(**typed)
        assert answer.status_code == 422
        assert message in answer.get_data(as_text=True)
        assert "SMA Contoh" in answer.get_data(as_text=True)
