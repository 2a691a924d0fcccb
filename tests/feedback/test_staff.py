"""The inbox: answered once, the address gone in the same step, a draft that names nobody, ratings of pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from portal.feedback.models import Votes
from portal.feedback.staff import PERMISSIONS
from portal.mail import OutgoingMail
from portal.web.operations.housekeeping import mailer, send_mail
from tests.accounts.signing import signed_in
from tests.feedback.conftest import Voices
from tests.feedback.papers import PaperDesk

DESK = "/id/staff/feedback"


@pytest.fixture
def desk(voices: Voices) -> PaperDesk:
    return PaperDesk(voices.app, voices.content)


@pytest.fixture
def client(voices: Voices, desk: PaperDesk) -> FlaskClient:
    return signed_in(voices.app, ["author"])


def letters(voices: Voices) -> list[EmailMessage]:
    with voices.app.app_context():
        send_mail(datetime.now(UTC))
        sent: list[EmailMessage] = mailer().sent  # type: ignore[attr-defined]
    return sent


def test_every_staff_view_names_its_permission(voices: Voices) -> None:
    views = {rule.endpoint for rule in voices.app.url_map.iter_rules() if rule.endpoint.startswith("feedback_staff.")}
    assert views == set(PERMISSIONS)


def test_the_inbox_is_closed_to_strangers_and_to_those_who_only_read(voices: Voices) -> None:
    voices.ask(question="Apa syaratnya?")
    assert voices.client.get(f"{DESK}/").status_code == 303
    assert signed_in(voices.app, ["registrar"]).get(f"{DESK}/1").status_code == 403


def test_the_longest_waiting_question_stands_on_top(voices: Voices, client: FlaskClient) -> None:
    for words in ("Pertanyaan pertama?", "Pertanyaan kedua?"):
        voices.ask(question=words)
    client.post(f"{DESK}/1/close")
    voices.ask(question="Pertanyaan ketiga?")
    text = client.get(f"{DESK}/").get_data(as_text=True)
    assert text.index("kedua") < text.index("ketiga") < text.index("pertama")
    assert "kedua" not in client.get(f"{DESK}/?state=closed").get_data(as_text=True)


def test_an_answer_goes_out_once_in_the_readers_language_and_the_address_goes(
    voices: Voices, client: FlaskClient, desk: PaperDesk
) -> None:
    voices.ask(question="What do I bring?", answer_in="en", channel="email", email="maria@example.org")
    answer = {"answer": "Bring your card.\nAnd your old passport."}
    assert client.post(f"{DESK}/1/answer", data=answer).status_code == 303
    assert client.post(f"{DESK}/1/answer", data=answer).status_code == 409
    (letter,) = letters(voices)
    assert letter["To"] == "maria@example.org"
    assert str(letter["Subject"]).startswith("Answer to your question")
    body = letter.get_content()
    assert "What do I bring?" in body
    assert "Bring your card.\nAnd your old passport." in body
    (question,) = voices.questions()
    assert (question.state, question.contact, question.emptied_at is not None) == ("answered", "", True)
    with voices.database() as session:
        (row,) = session.query(OutgoingMail)
        assert (row.state, row.recipient, row.body) == ("sent", "", "")
    assert desk.recorded == [("feedback.answer", "questions/1")]


def test_a_number_is_shown_until_somebody_has_answered(voices: Voices, client: FlaskClient) -> None:
    voices.ask(question="Apa syaratnya?", channel="phone", phone="0812 3456 7890")
    assert "https://wa.me/6281234567890" in client.get(f"{DESK}/1").get_data(as_text=True)
    client.post(f"{DESK}/1/answer", data={"answer": ""})
    assert "6281234567890" not in client.get(f"{DESK}/1").get_data(as_text=True)
    assert letters(voices) == []


def test_an_empty_answer_is_none(voices: Voices, client: FlaskClient) -> None:
    voices.ask(question="Apa syaratnya?")
    assert client.post(f"{DESK}/1/answer", data={"answer": " "}).status_code == 422
    assert voices.questions()[0].state == "new"
    assert client.post(f"{DESK}/99/answer", data={"answer": "x"}).status_code == 404


def test_a_draft_in_one_step_names_nobody(voices: Voices, client: FlaskClient, desk: PaperDesk) -> None:
    text = "Kartu saya hilang, telepon 0812 3456 7890. Apa syaratnya?"
    voices.ask(question=text, channel="email", email="m@example.org", **voices.hidden("/id/faq/kartu-hilang"))
    gone = client.post(f"{DESK}/1/draft", data={"answer": "Datanglah ke kantor. Hubungi saya 0811 2222 3333."})
    slug = "tanya-kartu-saya-hilang-telepon-apa-syaratnya-1"
    assert gone.headers["Location"] == f"/id/staff/edit/faq/{slug}"
    files = desk.drafts[f"faq/{slug}"]
    assert files["id.md"] == (
        "---\ntitle: Kartu saya hilang, telepon [...]. Apa syaratnya?\nsummary: Datanglah ke kantor.\n"
        "keywords: []\n---\n"
        "Datanglah ke kantor. Hubungi saya [...].\n"
    )
    assert "status: draft" in files["facts.yaml"]
    assert not any("example.org" in text or "3456" in text for text in files.values())
    assert f"faq/{slug}" in client.get(f"{DESK}/1").get_data(as_text=True)


def test_a_foreign_question_becomes_a_draft_in_both_languages(
    voices: Voices, client: FlaskClient, desk: PaperDesk
) -> None:
    voices.ask(question="What do I bring?", answer_in="en")
    client.post(f"{DESK}/1/draft", data={"answer": "Your card."})
    (files,) = desk.drafts.values()
    assert sorted(files) == ["en.md", "facts.yaml", "id.md"]


def test_a_refused_draft_is_said_and_nothing_is_lost(voices: Voices, client: FlaskClient, desk: PaperDesk) -> None:
    voices.ask(question="Apa syaratnya?")
    desk.refuses = True
    answer = client.post(f"{DESK}/1/draft", data={"answer": "Bawa kartu."})
    assert answer.status_code == 409
    assert "Bawa kartu." in answer.get_data(as_text=True)


def test_deleting_leaves_nothing(voices: Voices, client: FlaskClient) -> None:
    voices.ask(question="Apa syaratnya?", channel="email", email="maria@example.org")
    assert client.post(f"{DESK}/1/delete").status_code == 303
    assert voices.questions() == []
    assert client.get(f"{DESK}/1").status_code == 404


def test_pages_that_do_not_help_are_listed_with_their_reasons(voices: Voices, client: FlaskClient) -> None:
    for number in range(4):
        voices.rate("/id/faq/kartu-hilang", "no", address=f"198.51.100.{number}")
        voices.rate("/id/faq/berapa-biaya", "yes" if number else "no", address=f"198.51.100.{number}")
    fields = {
        **voices.hidden("/id/faq/kartu-hilang"),
        "stamp": voices.stamp("why"),
        "kind": "old",
        "text": "Sudah lama",
    }
    voices.client.post("/id/feedback/why", data=fields)
    text = client.get(f"{DESK}/pages/").get_data(as_text=True)
    assert text.count("tidak membantu") == 1
    assert text.index("kartu-hilang") < text.index("berapa-biaya")
    assert "Sudah lama" in client.get(f"{DESK}/pages/faq/kartu-hilang").get_data(as_text=True)
    first = client.get("/id/staff/").get_data(as_text=True)
    assert "/id/staff/feedback/pages/faq/kartu-hilang" in first
    assert "pages/faq/berapa-biaya" not in first


def test_what_waits_stands_on_the_desks_first_page_of_whoever_may_answer(voices: Voices, client: FlaskClient) -> None:
    for number in range(7):
        voices.ask(question=f"Pertanyaan nomor {number}?")
    first = client.get("/id/staff/").get_data(as_text=True)
    assert "nomor 0" in first
    assert "nomor 6" not in first
    assert "Lihat semua" in first
    assert "nomor 0" not in signed_in(voices.app, ["scheduler"]).get("/id/staff/").get_data(as_text=True)


def test_old_ratings_do_not_count(voices: Voices, client: FlaskClient) -> None:
    with voices.database() as session:
        long_ago = date.today() - timedelta(days=120)
        session.add(Votes(page="faq/x", language="id", day=long_ago, helpful=0, unhelpful=9))
        session.commit()
    assert "faq/x" not in client.get(f"{DESK}/pages/").get_data(as_text=True)
