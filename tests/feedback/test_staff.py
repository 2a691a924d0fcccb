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
from tests.feedback.conftest import Submissions
from tests.feedback.folder_staff_services import FolderStaffServices

DESK = "/id/staff/feedback"


@pytest.fixture
def desk(submissions: Submissions) -> FolderStaffServices:
    return FolderStaffServices(submissions.app, submissions.content)


@pytest.fixture
def client(submissions: Submissions, desk: FolderStaffServices) -> FlaskClient:
    return signed_in(submissions.app, ["author"])


def messages(submissions: Submissions) -> list[EmailMessage]:
    with submissions.app.app_context():
        send_mail(datetime.now(UTC))
        sent: list[EmailMessage] = mailer().sent  # type: ignore[attr-defined]
    return sent


def test_every_staff_view_names_its_permission(submissions: Submissions) -> None:
    views = {
        rule.endpoint for rule in submissions.app.url_map.iter_rules() if rule.endpoint.startswith("feedback_staff.")
    }
    assert views == set(PERMISSIONS)


def test_the_inbox_is_closed_to_strangers_and_to_those_who_only_read(submissions: Submissions) -> None:
    submissions.ask(question="Apa syaratnya?")
    assert submissions.client.get(f"{DESK}/").status_code == 303
    assert signed_in(submissions.app, ["registrar"]).get(f"{DESK}/1").status_code == 403


def test_the_longest_waiting_question_stands_on_top(submissions: Submissions, client: FlaskClient) -> None:
    for words in ("Pertanyaan pertama?", "Pertanyaan kedua?"):
        submissions.ask(question=words)
    client.post(f"{DESK}/1/close")
    submissions.ask(question="Pertanyaan ketiga?")
    text = client.get(f"{DESK}/").get_data(as_text=True)
    assert text.index("kedua") < text.index("ketiga") < text.index("pertama")
    assert "kedua" not in client.get(f"{DESK}/?state=closed").get_data(as_text=True)


def test_an_answer_goes_out_once_in_the_readers_language_and_the_address_goes(
    submissions: Submissions, client: FlaskClient, desk: FolderStaffServices
) -> None:
    submissions.ask(question="What do I bring?", answer_in="en", channel="email", email="maria@example.org")
    answer = {"answer": "Bring your card.\nAnd your old passport."}
    assert client.post(f"{DESK}/1/answer", data=answer).status_code == 303
    assert client.post(f"{DESK}/1/answer", data=answer).status_code == 409
    (message,) = messages(submissions)
    assert message["To"] == "maria@example.org"
    assert str(message["Subject"]).startswith("Answer to your question")
    body = message.get_content()
    assert "What do I bring?" in body
    assert "Bring your card.\nAnd your old passport." in body
    (question,) = submissions.questions()
    assert (question.state, question.contact, question.emptied_at is not None) == ("answered", "", True)
    with submissions.database() as session:
        (row,) = session.query(OutgoingMail)
        assert (row.state, row.recipient, row.body) == ("sent", "", "")
    assert desk.recorded == [("feedback.answer", "questions/1")]


def test_a_number_is_shown_until_somebody_has_answered(submissions: Submissions, client: FlaskClient) -> None:
    submissions.ask(question="Apa syaratnya?", channel="phone", phone="0812 3456 7890")
    assert "https://wa.me/6281234567890" in client.get(f"{DESK}/1").get_data(as_text=True)
    client.post(f"{DESK}/1/answer", data={"answer": ""})
    assert "6281234567890" not in client.get(f"{DESK}/1").get_data(as_text=True)
    assert messages(submissions) == []


def test_an_empty_answer_is_none(submissions: Submissions, client: FlaskClient) -> None:
    submissions.ask(question="Apa syaratnya?")
    assert client.post(f"{DESK}/1/answer", data={"answer": " "}).status_code == 422
    assert submissions.questions()[0].state == "new"
    assert client.post(f"{DESK}/99/answer", data={"answer": "x"}).status_code == 404


def test_a_draft_in_one_step_names_nobody(
    submissions: Submissions, client: FlaskClient, desk: FolderStaffServices
) -> None:
    text = "Kartu saya hilang, telepon 0812 3456 7890. Apa syaratnya?"
    submissions.ask(question=text, channel="email", email="m@example.org", **submissions.hidden("/id/faq/kartu-hilang"))
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
    submissions: Submissions, client: FlaskClient, desk: FolderStaffServices
) -> None:
    submissions.ask(question="What do I bring?", answer_in="en")
    client.post(f"{DESK}/1/draft", data={"answer": "Your card."})
    (files,) = desk.drafts.values()
    assert sorted(files) == ["en.md", "facts.yaml", "id.md"]


def test_a_refused_draft_is_said_and_nothing_is_lost(
    submissions: Submissions, client: FlaskClient, desk: FolderStaffServices
) -> None:
    submissions.ask(question="Apa syaratnya?")
    desk.refuses = True
    answer = client.post(f"{DESK}/1/draft", data={"answer": "Bawa kartu."})
    assert answer.status_code == 409
    assert "Bawa kartu." in answer.get_data(as_text=True)


def test_deleting_leaves_nothing(submissions: Submissions, client: FlaskClient) -> None:
    submissions.ask(question="Apa syaratnya?", channel="email", email="maria@example.org")
    assert client.post(f"{DESK}/1/delete").status_code == 303
    assert submissions.questions() == []
    assert client.get(f"{DESK}/1").status_code == 404


def test_pages_that_do_not_help_are_listed_with_their_reasons(submissions: Submissions, client: FlaskClient) -> None:
    for number in range(4):
        submissions.rate("/id/faq/kartu-hilang", "no", address=f"198.51.100.{number}")
        submissions.rate("/id/faq/berapa-biaya", "yes" if number else "no", address=f"198.51.100.{number}")
    fields = {
        **submissions.hidden("/id/faq/kartu-hilang"),
        "stamp": submissions.stamp("why"),
        "kind": "old",
        "text": "Sudah lama",
    }
    submissions.client.post("/id/feedback/why", data=fields)
    text = client.get(f"{DESK}/pages/").get_data(as_text=True)
    assert text.count("tidak membantu") == 1
    assert text.index("kartu-hilang") < text.index("berapa-biaya")
    assert "Sudah lama" in client.get(f"{DESK}/pages/faq/kartu-hilang").get_data(as_text=True)
    first = client.get("/id/staff/").get_data(as_text=True)
    assert "/id/staff/feedback/pages/faq/kartu-hilang" in first
    assert "pages/faq/berapa-biaya" not in first


def test_what_waits_stands_on_the_desks_first_page_of_whoever_may_answer(
    submissions: Submissions, client: FlaskClient
) -> None:
    for number in range(7):
        submissions.ask(question=f"Pertanyaan nomor {number}?")
    first = client.get("/id/staff/").get_data(as_text=True)
    assert "nomor 0" in first
    assert "nomor 6" not in first
    assert "Lihat semua" in first
    assert "nomor 0" not in signed_in(submissions.app, ["scheduler"]).get("/id/staff/").get_data(as_text=True)


def test_old_ratings_do_not_count(submissions: Submissions, client: FlaskClient) -> None:
    with submissions.database() as session:
        long_ago = date.today() - timedelta(days=120)
        session.add(Votes(page="faq/x", language="id", day=long_ago, helpful=0, unhelpful=9))
        session.commit()
    assert "faq/x" not in client.get(f"{DESK}/pages/").get_data(as_text=True)
