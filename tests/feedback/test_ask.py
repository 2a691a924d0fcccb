"""Ask us: stripped before it is stored, bounded, refused in the preview stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import AppFactory
from tests.feedback.conftest import OWN, Submissions
from tests.reading import links_of, main_of, tree_of


def test_a_question_is_stored_without_what_names_a_person(submissions: Submissions, tmp_path: Path) -> None:
    text = "Paspor C1234567 saya hilang, hubungi 0812-3456-7890 atau maria@example.org. Apa syaratnya?"
    assert submissions.ask(question=text).headers["Location"] == "/id/feedback/sent"
    (question,) = submissions.questions()
    assert question.text == "Paspor [...] saya hilang, hubungi [...] atau [...] Apa syaratnya?"
    assert (question.channel, question.contact, question.language) == ("none", "", "id")
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("portal.sqlite3*"))
    for secret in (b"C1234567", b"3456", b"maria"):
        assert secret not in stored


@pytest.mark.parametrize(
    ("typed", "contact"),
    [
        ({"channel": "email", "email": "Maria@Example.org"}, "Maria@example.org"),
        ({"channel": "phone", "phone": "0812 3456 7890"}, "+6281234567890"),
        ({"channel": "none", "email": "maria@example.org", "phone": "0812 3456 7890"}, ""),
    ],
)
def test_the_address_is_kept_only_for_an_answer(submissions: Submissions, typed: dict[str, str], contact: str) -> None:
    submissions.ask(question="Apa syaratnya?", **typed)
    (question,) = submissions.questions()
    assert question.contact == contact


def test_the_same_form_sent_twice_is_one_question(submissions: Submissions) -> None:
    stamp = submissions.stamp("ask")
    for _ in range(2):
        assert submissions.ask(question="Apa syaratnya?", stamp=stamp).status_code == 303
    assert len(submissions.questions()) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"question": "  "}, "question"),
        ({"question": "0812 3456 7890"}, "question"),
        ({"question": "x" * 1001}, "question"),
        ({"question": "Apa?", "answer_in": "xx"}, "answer-in"),
        ({"question": "Apa?", "channel": ""}, "channel"),
        ({"question": "Apa?", "channel": "email", "email": "maria@"}, "email"),
        ({"question": "Apa?", "channel": "phone", "phone": "12"}, "phone"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(submissions: Submissions, typed: dict[str, str], field: str) -> None:
    answer = submissions.ask(**typed)
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert f'href="#field-{field}"' in text
    assert submissions.questions() == []


@pytest.mark.parametrize("typed", [{"stamp": "forged"}, {"website": "https://spam.example"}])
def test_machines_are_refused_and_people_lose_nothing(submissions: Submissions, typed: dict[str, str]) -> None:
    answer = submissions.ask(question="Apa syaratnya?", **typed)
    assert answer.status_code == 422
    assert "Apa syaratnya?" in answer.get_data(as_text=True)
    assert submissions.questions() == []


def test_the_form_knows_from_which_page_the_reader_came(submissions: Submissions) -> None:
    def asked_from(referer: str) -> str:
        return submissions.client.get("/id/feedback/ask", headers={"Referer": referer}).get_data(as_text=True)

    assert 'name="page" value="faq/berapa-biaya"' in asked_from("http://localhost/id/faq/berapa-biaya")
    for foreign in ("https://evil.example/id/faq/berapa-biaya", "http://localhost/id/staff/", "nonsense", "http://["):
        assert 'name="page"' not in asked_from(foreign)


def test_a_question_remembers_only_pages_of_this_site(submissions: Submissions) -> None:
    submissions.ask(question="Apa?", **submissions.hidden("/id/faq/berapa-biaya"))
    submissions.ask(question="Apa?", page="faq/x", seal="forged")
    assert [question.page for question in submissions.questions()] == ["faq/berapa-biaya", ""]


@pytest.mark.parametrize("environment", ["development", "production"])
def test_in_the_preview_stage_the_form_is_shown_and_takes_nothing(
    make_app: AppFactory, tmp_path: Path, environment: str
) -> None:
    content = tmp_path / "content"
    app = make_app(environment=environment)
    assert "preview" in (Path(__file__).parents[1] / "sample_content" / "site.yaml").read_text()
    shown = app.test_client().get("/id/feedback/ask")
    text = main_of(shown)
    assert "belum menyimpan" in text
    assert "Yang dapat dipakai hari ini Situs kantor:" in text
    assert "https://kantor.example" in links_of(shown)
    buttons = ["".join(button.itertext()) for button in next(tree_of(shown).iter("main")).iter("button")]
    assert not any("Kirim" in button for button in buttons)
    preview = Submissions(app, content)
    answer = preview.client.post(
        "/id/feedback/ask", data={"stamp": preview.stamp("ask"), "question": "Apa?"}, headers=OWN
    )
    assert answer.status_code == 403
    assert "Apa?" in answer.get_data(as_text=True)
    assert preview.questions() == []


def test_the_form_is_kept_nowhere(submissions: Submissions) -> None:
    answer = submissions.client.get("/en/feedback/ask")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
