"""What the pages say at an instant, in both languages, and until when they may be kept."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppFactory
from tests.schedules.conftest import At

CHRISTMAS = "2026-12-25T10:00"


def text(client: FlaskClient, path: str) -> str:
    """The page's words without markup."""
    response = client.get(path)
    assert response.status_code == 200, path
    body = re.sub(r"<(script|style).*?</\1>", "", response.get_data(as_text=True), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


def structured(client: FlaskClient, path: str, kind: str) -> dict[str, Any]:
    """The first node of that type in the page's structured data."""
    body = client.get(path).get_data(as_text=True)
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)[0])
    return next(node for node in data["@graph"] if node["@type"] == kind)


@pytest.mark.parametrize(
    ("instant", "indonesian", "english"),
    [
        ("2026-11-24T09:00", "Buka sampai 12.00 WITA", "Open until 12:00 p.m. WITA"),
        ("2026-11-24T12:20", "Istirahat sampai 13.00 WITA", "Break until 1:00 p.m. WITA"),
        ("2026-11-24T14:40", "Nomor antrean terakhir sudah diberikan", "The last queue number has been given"),
        ("2026-11-24T18:00", "Tutup, buka lagi Rabu 08.00 WITA", "Closed, opens again Wednesday 8:00 a.m. WITA"),
        ("2026-11-24T06:00", "Tutup, buka pukul 08.00 WITA", "Closed, opens at 8:00 a.m. WITA"),
        (CHRISTMAS, "Tutup hari ini: Natal", "Closed today: Christmas"),
        ("2026-12-30T10:00", "Tutup: Rapat kantor", "Closed: Office meeting"),
    ],
)
def test_a_status_in_both_languages(at: At, instant: str, indonesian: str, english: str) -> None:
    client = at(instant)
    assert indonesian in text(client, "/id/schedules/loket")
    assert english in text(client, "/en/schedules/loket")


def test_christmas_is_told_alike_on_page_json_and_structured_data(at: At) -> None:
    client = at(CHRISTMAS)
    real, sample = text(client, "/en/schedules/kantor"), text(client, "/en/schedules/loket")
    assert "Closed today: Christmas When it opens next is not confirmed" in real
    assert "Closed today: Christmas Open again Monday 8:00 a.m. WITA" in sample
    data = {service["id"]: service for service in client.get("/en/schedules/data.json").get_json()["services"]}
    assert data["kantor"]["status"]["state"] == data["loket"]["status"]["state"] == "closed"
    assert data["kantor"]["status"]["reason"] == {"kind": "holiday", "words": "Christmas"}
    assert data["kantor"]["status"]["next_opening"] is None
    assert data["kantor"]["status"]["unconfirmed_from"] == "2026-12-26T00:00:00+08:00"
    assert data["loket"]["status"]["next_opening"] == "2026-12-28T08:00:00+08:00"
    for slug, weekly in (("kantor", 0), ("loket", 3)):
        hours = structured(client, f"/en/schedules/{slug}", "GovernmentService")["hoursAvailable"]
        assert len([row for row in hours if "dayOfWeek" in row]) == weekly
        closed = next(row for row in hours if row.get("validFrom") == "2026-12-25")
        assert (closed["opens"], closed["closes"]) == ("00:00", "00:00")
        assert hours == data[slug]["opening_hours"]


def test_unknown_hours_are_said_and_left_out_of_structured_data(at: At) -> None:
    client = at("2026-11-24T10:00")
    assert "Jam belum dipastikan" in text(client, "/id/schedules/kantor")
    place = structured(client, "/id/schedules/places/kantor", "GovernmentOffice")
    assert "openingHoursSpecification" not in place
    assert {row["validFrom"] for row in place["specialOpeningHoursSpecification"]} == {
        "2026-12-24", "2026-12-25", "2026-12-30", "2027-03-10",
    }  # fmt: skip
    post = structured(client, "/id/schedules/pos", "GovernmentService")["hoursAvailable"]
    assert "https://schema.org/Sunday" not in post[0]["dayOfWeek"]


def test_the_overview_lists_services_sessions_and_filters(at: At) -> None:
    client = at("2026-11-24T10:00")
    everything = text(client, "/en/schedules/")
    for words in ("Question desk", "Card counter sample", "Power cut", "Was Tuesday, 1 December 2026", "No ferry"):
        assert words in everything
    assert "Old counter" not in everything
    counters = text(client, "/en/schedules/?group=loket")
    assert "Card counter" in counters
    assert "Power cut" not in counters
    valley = text(client, "/en/schedules/?district=lembah")
    assert "Border post" in valley
    assert "Card counter" not in valley
    assert text(client, "/en/schedules/?group=nowhere&place=<b>") == everything
    assert "We do not know that district" in text(client, "/en/schedules/?district=nowhere")


def test_a_moved_session_shows_old_and_new(at: At) -> None:
    client = at("2026-11-24T10:00")
    page = text(client, "/en/schedules/keliling/lembah-2026-12-01")
    assert "Moved Thursday, 3 December 2026 8:00 a.m.–2:00 p.m. WITA Was Tuesday, 1 December 2026 ." in page
    assert "Reason: No ferry" in page
    assert "18 of 60 places left as of 24 Nov, 9:40 a.m. WITA" in page
    assert "not a live figure" in page
    event = structured(client, "/en/schedules/keliling/lembah-2026-12-01", "Event")
    assert event["eventStatus"] == "https://schema.org/EventRescheduled"
    assert event["previousStartDate"] == "2026-12-01T08:00:00+08:00"


def test_a_cancelled_session_stays_for_two_weeks_with_its_reason(at: At) -> None:
    path = "/en/schedules/keliling"
    assert "Cancelled Power cut" in text(at("2026-12-19T11:00"), path)
    assert "Power cut" not in text(at("2026-12-19T12:00"), path)
    client = at("2027-02-01T10:00")
    assert "This session was cancelled" in text(client, "/en/schedules/keliling/sabtu-2026-12-05")


def test_border_posts_in_both_times(at: At) -> None:
    page = text(at("2026-11-24T10:00"), "/en/schedules/border")
    assert "Open until 5:00 p.m. WITA" in page
    # Our hours in the other time are not that side's hours; of those only the closing is known.
    assert "The same in The other country’s time (UTC+9) 9:00 a.m.–6:00 p.m." in page
    assert "The other country closes at 6:00 p.m." in page
    assert "Accepted papers A valid card" in page
    assert "1 January 2026 Reported in January" in page
    sunday = text(at("2026-11-29T10:00"), "/en/schedules/border")
    assert "Hours not confirmed Certainly open Monday 8:00 a.m. WITA" in sunday


def test_week_and_month_are_tables(at: At) -> None:
    client = at("2026-12-21T10:00")
    week = client.get("/en/schedules/week/2026-W52").get_data(as_text=True)
    assert 'scope="col" class="now"' in week
    assert "Christmas" in week
    month = text(client, "/en/schedules/month/2026-12")
    assert "Christmas leave" in month
    assert "Office meeting" in month
    assert "Leave of 2027: not known yet" in text(client, "/en/schedules/month/2027-03")
    assert "Eid al-Fitr (estimated date)" in text(client, "/en/schedules/month/2027-03")
    for path in ("week/2026-W54", "week/2026-W00", "month/2026-13", "month/2036-01", "week/1-W01", "month/99999-01"):
        assert client.get(f"/en/schedules/{path}").status_code == 404


def test_a_withdrawn_service_keeps_its_page(at: At) -> None:
    page = text(at("2026-11-24T10:00"), "/en/schedules/lama")
    assert "This service is no longer offered" in page
    assert "Merged Card counter" in page


def test_strangers_get_404(at: At) -> None:
    client = at("2026-11-24T10:00")
    for path in ("nothing", "keliling/lembah-2026-12-02", "places/nowhere", "places/nowhere/data.csv", "loket/x/y"):
        assert client.get(f"/id/schedules/{path}").status_code == 404
    assert client.get("/id/j/zzzzzz").status_code == 404


def test_short_links_lead_to_their_page(at: At) -> None:
    client = at("2026-11-24T10:00")
    page = text(client, "/en/schedules/keliling/lembah-2026-12-01")
    short = re.search(r"http://localhost(/en/j/[a-z2-7]{6})", page)
    assert client.get(short[1]).headers["Location"] == "/en/schedules/keliling/lembah-2026-12-01"


def test_share_text_holds_what_a_traveller_needs(at: At) -> None:
    body = at("2026-11-24T10:00").get("/id/schedules/keliling/lembah-2026-12-01").get_data(as_text=True)
    shared = html.unescape(re.search(r"<pre>(.*?)</pre>", body, re.S)[1])
    lines = shared.splitlines()
    assert lines[0] == "Layanan keliling"
    assert lines[1] == "Kamis, 3 Desember 2026, 08.00–14.00 WITA"
    assert "Semula: Selasa, 1 Desember 2026" in lines
    assert "Alasan: Kapal tidak berlayar" in lines
    assert "Tempat: Balai Pasar" in lines
    assert lines[-1].startswith("Demonstrasi")
    assert "https://wa.me/?text=Layanan%20keliling" in body


@pytest.mark.parametrize(
    ("path", "valid_until"),
    [
        ("/id/schedules/loket", "2026-11-24T12:00"),
        ("/id/schedules/kantor", "2026-11-25T00:00"),
        ("/id/schedules/data.json", "2026-11-24T12:00"),
        ("/id/schedules/calendar.ics", None),
        ("/id/", "2026-11-24T12:00"),
    ],
)
def test_a_page_is_kept_no_longer_than_its_answer(
    make_app: AppFactory, content: Path, path: str, valid_until: str | None
) -> None:
    app = make_app(content=content, clock=datetime.fromisoformat("2026-11-24T11:59:30+08:00"))
    response = app.test_client().get(path)
    page = app.extensions["portal"].page_cache.pages.get(path)
    wanted = datetime.fromisoformat(f"{valid_until}+08:00").timestamp() if valid_until else None
    assert page.valid_until == wanted
    if valid_until == "2026-11-24T12:00":
        assert response.headers["Cache-Control"] == "public, max-age=30"


def test_the_cache_never_outlives_a_status(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content)
    client = app.test_client()
    start = datetime.fromisoformat("2026-12-23T07:00+08:00")
    for step in range(0, 24 * 60, 29):
        app.config["REAL_CLOCK"] = start + timedelta(minutes=step)
        cached = client.get("/en/schedules/data.json").get_json()
        app.extensions["portal"].page_cache.pages.clear()
        fresh = client.get("/en/schedules/data.json").get_json()
        assert cached == fresh
