"""Was this page helpful: on every page for everyone, one vote a day and network, a reason without a person."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.feedback.views import blueprint
from tests.feedback.conftest import OWN, Submissions

PAGE = "/id/faq/berapa-biaya"


def test_every_page_for_everyone_asks_and_no_page_for_one_person_does(submissions: Submissions) -> None:
    for path in (PAGE, "/id/faq/", "/en/fees", "/id/about", "/id/schedules/", "/id/guidance/kartu-baru"):
        assert 'class="card helpful"' in submissions.client.get(path).get_data(as_text=True), path
    for path in ("/id/feedback/ask", "/id/nowhere/at-all", "/id/faq/unknown"):
        assert "helpful" not in submissions.client.get(path).get_data(as_text=True).partition("<body")[2], path


def test_a_vote_counts_and_leads_back(submissions: Submissions) -> None:
    answer = submissions.rate(PAGE, "yes")
    assert answer.status_code == 303
    thanks = submissions.client.get(answer.headers["Location"])
    assert "no-store" in thanks.headers["Cache-Control"]
    assert PAGE in thanks.get_data(as_text=True)
    assert submissions.votes() == {("faq/berapa-biaya", "id"): (1, 0)}


def test_one_vote_for_a_page_a_network_and_a_day(submissions: Submissions) -> None:
    submissions.rate(PAGE, "yes")
    again = submissions.rate(PAGE, "no")
    assert "sudah dinilai" in submissions.client.get(again.headers["Location"]).get_data(as_text=True)
    submissions.rate("/en/faq/berapa-biaya", "yes")
    submissions.rate(PAGE, "no", address="198.51.100.7")
    submissions.rate("/id/faq/kartu-hilang", "no")
    assert submissions.votes() == {
        ("faq/berapa-biaya", "id"): (1, 1),
        ("faq/kartu-hilang", "id"): (0, 1),
    }


def test_the_page_must_be_one_that_this_site_showed(submissions: Submissions) -> None:
    sealed = submissions.hidden(PAGE)
    for fields in (
        {**sealed, "page": "faq/unknown"},
        {**sealed, "seal": "0" * 20},
        {"page": "faq/berapa-biaya"},
    ):
        answer = submissions.client.post("/id/feedback/helpful", data={**fields, "helpful": "yes"}, headers=OWN)
        assert answer.status_code == 400
    answer = submissions.client.post("/id/feedback/helpful", data={**sealed, "helpful": "maybe"}, headers=OWN)
    assert answer.status_code == 400
    assert submissions.votes() == {}


@pytest.mark.parametrize(
    ("headers", "counts"),
    [
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Referer": "http://localhost/id/faq/berapa-biaya"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Referer": "https://evil.example/"}, False),
        ({"Origin": "http://["}, False),
        ({"X-Nothing": "at all"}, False),
    ],
)
def test_a_vote_from_elsewhere_is_confirmed_first(
    submissions: Submissions, headers: dict[str, str], counts: bool
) -> None:
    answer = submissions.rate(PAGE, "yes", **headers)
    assert bool(submissions.votes()) is counts
    if not counts:
        assert answer.status_code == 200
        assert "Pastikan jawaban Anda" in answer.get_data(as_text=True)


def test_an_old_browser_confirms_and_is_counted(submissions: Submissions) -> None:
    fields = {**submissions.hidden(PAGE), "helpful": "yes"}
    nothing = {"X-Nothing": "at all"}
    too_fast = submissions.client.post("/id/feedback/helpful", data={**fields, "stamp": "forged"}, headers=nothing)
    assert submissions.votes() == {}
    assert "Pastikan" in too_fast.get_data(as_text=True)
    submissions.client.post(
        "/id/feedback/helpful", data={**fields, "stamp": submissions.stamp("vote")}, headers=nothing
    )
    assert submissions.votes() == {("faq/berapa-biaya", "id"): (1, 0)}


def test_the_reason_is_stripped_and_kept_once(submissions: Submissions) -> None:
    where = submissions.rate(PAGE, "no").headers["Location"]
    assert "Apa yang kurang?" in submissions.client.get(where).get_data(as_text=True)
    sealed = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
    fields = {
        **sealed,
        "stamp": submissions.stamp("why"),
        "kind": "hard",
        "text": "Telepon saya 0812 3456 7890, terlalu sulit",
    }
    for _ in range(2):
        assert submissions.client.post("/id/feedback/why", data=fields, headers=OWN).status_code == 303
    assert submissions.reasons() == [("faq/berapa-biaya", "hard", "Telepon saya [...], terlalu sulit")]


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "", "text": " "},
        {"kind": "nonsense"},
        {"kind": "hard", "text": "x" * 501},
        {"kind": "hard", "website": "x"},
    ],
)
def test_a_reason_that_cannot_be_used_is_said_so(submissions: Submissions, typed: dict[str, str]) -> None:
    sealed = submissions.hidden(PAGE)
    fields = {**sealed, "stamp": submissions.stamp("why"), "text": "", **typed}
    assert submissions.client.post("/id/feedback/why", data=fields, headers=OWN).status_code == 422
    assert submissions.reasons() == []


def test_going_to_the_form_by_hand_leads_home(submissions: Submissions) -> None:
    assert submissions.client.get("/en/feedback/helpful").headers["Location"] == "/en/"
    assert submissions.client.get("/en/feedback/why").status_code == 404
    assert submissions.client.get("/en/feedback/thanks?page=x&seal=y").status_code == 404


def test_no_page_is_coloured_by_who_reads_it(submissions: Submissions) -> None:
    first = submissions.client.get(PAGE, environ_base={"REMOTE_ADDR": "192.0.2.9"}).get_data()
    assert submissions.client.get(PAGE, headers={"Cookie": "x=1"}).get_data() == first


def test_machines_are_stopped(submissions: Submissions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "MOST_FORMS_PER_HOUR", 2)
    assert [submissions.rate(PAGE, "yes").status_code for _ in range(3)] == [303, 303, 429]
