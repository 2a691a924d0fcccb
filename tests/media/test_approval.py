"""A file is public only after somebody other than its uploader has looked at it, or in a stated emergency."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.media.proposals.models import MediaProposal
from portal.media.record import record_path
from portal.media.staff.cards import waiting_files
from portal.web.transactions import sessions
from tests.accounts.signing import signed_in
from tests.media.conftest import DESK, WORDS, Library, picture
from tests.media.test_library import ID, NAMES, pdf

PUBLIC = f"/media/{ID}/small.webp"


def rows(library: Library) -> list[MediaProposal]:
    with library.app.app_context(), sessions()() as session:
        return list(session.scalars(select(MediaProposal).order_by(MediaProposal.created_at)))


def test_an_upload_is_on_the_desk_at_once_and_public_only_after_a_second_look(library: Library) -> None:
    proposal = library.upload(picture()).headers["Location"]
    assert library.files() == []
    assert library.reader.get(PUBLIC).status_code == 404
    assert library.reader.get(f"{proposal}/files/small.webp").status_code == 303
    shown = library.client.get(f"{proposal}/files/small.webp")
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert f"{proposal}/files/small.webp" in library.client.get(f"{DESK}/").get_data(as_text=True)
    assert library.second.post(f"{proposal}/approve").headers["Location"] == f"{DESK}/{ID}"
    assert library.reader.get(PUBLIC).status_code == 200
    assert library.desk.reasons == [f"media/{ID}: add by {rows(library)[0].author}"]
    assert rows(library)[0].files == {}


@pytest.mark.parametrize("roles", [["reviewer"], ["admin"]])
def test_whoever_uploaded_cannot_approve(library: Library, roles: list[str]) -> None:
    library.client = signed_in(library.app, roles, email="sendiri@example.org")
    proposal = library.upload(picture()).headers["Location"]
    assert "Terbitkan" not in library.client.get(proposal).get_data(as_text=True).split("<details")[0]
    answer = library.client.post(f"{proposal}/approve")
    assert answer.status_code == 409
    assert "Anda yang mengunggah berkas ini" in answer.get_data(as_text=True)
    assert library.reader.get(PUBLIC).status_code == 404


@pytest.mark.parametrize("role", ["author", "translator", "scheduler", "registrar"])
def test_only_who_may_review_approves(library: Library, role: str) -> None:
    proposal = library.upload(picture()).headers["Location"]
    other = signed_in(library.app, [role], email="lain@example.org")
    for action in ("approve", "refuse", "publish-unread"):
        assert other.post(f"{proposal}/{action}", data={"note": "x", "emergency": "x"}).status_code == 403
    assert library.reader.get(PUBLIC).status_code == 404


def test_readers_keep_the_old_file_until_the_new_one_is_approved(library: Library) -> None:
    library.add(picture(2000, 1000))
    before = library.reader.get(PUBLIC).data
    proposal = library.upload(picture(400, 400), to=f"{ID}/replace").headers["Location"]
    assert library.reader.get(PUBLIC).data == before
    assert library.upload(picture(500, 400), to=f"{ID}/replace").status_code == 409
    library.second.post(f"{proposal}/approve")
    assert library.reader.get(PUBLIC).data != before
    words = {"words-id": "Ruang tunggu", "words-en": "Waiting room"}
    library.client.post(f"{DESK}/{ID}/words", data=words)
    assert "Ruang tunggu" not in (library.content / record_path(ID)).read_text(encoding="utf-8")


def test_a_change_under_a_proposal_voids_it(library: Library) -> None:
    library.add(picture(2000, 1000))
    proposal = library.upload(picture(400, 400), to=f"{ID}/replace").headers["Location"]
    path = library.content / record_path(ID)
    path.write_text(path.read_text(encoding="utf-8").replace("Humas", "Arsip"), encoding="utf-8")
    library.desk.reload_content()
    answer = library.second.post(f"{proposal}/approve")
    assert answer.status_code == 409
    assert "Arsip" in path.read_text(encoding="utf-8")


def test_approving_twice_and_after_a_decision_changes_nothing(library: Library) -> None:
    proposal = library.upload(picture()).headers["Location"]
    library.second.post(f"{proposal}/approve")
    count = len(library.desk.reasons)
    for action in ("approve", "refuse", "withdraw", "publish-unread"):
        data = {"note": "x", "emergency": "x"}
        assert library.second.post(f"{proposal}/{action}", data=data).status_code in (409, 422)
    assert len(library.desk.reasons) == count
    assert library.files() == [*NAMES, f"records/{ID}.yaml"]


def test_a_publication_that_was_not_noted_is_noted_by_the_next_look(library: Library) -> None:
    proposal = library.upload(picture()).headers["Location"]
    library.desk.refuses = False
    publish = library.desk.publish

    class Died(BaseException):
        pass

    def die(*args: object, **kwargs: object) -> None:
        publish(*args, **kwargs)  # type: ignore[arg-type]
        raise Died

    library.desk.publish = die  # type: ignore[method-assign,assignment]
    with pytest.raises(Died):
        library.second.post(f"{proposal}/approve")
    library.desk.publish = publish  # type: ignore[method-assign]
    count = len(library.desk.reasons)
    assert library.second.post(f"{proposal}/approve").status_code == 303
    assert len(library.desk.reasons) == count
    assert rows(library)[0].state == "published"


def test_refused_and_taken_back_files_are_forgotten(library: Library) -> None:
    refused = library.upload(picture()).headers["Location"]
    assert library.second.post(f"{refused}/refuse", data={"note": " "}).status_code == 422
    assert library.second.post(f"{refused}/refuse", data={"note": "Wajah anak terlihat"}).status_code == 303
    assert "Wajah anak terlihat" in library.client.get(refused).get_data(as_text=True)
    back = library.upload(picture()).headers["Location"]
    assert library.second.post(f"{back}/withdraw").status_code == 409
    assert library.client.post(f"{back}/withdraw").status_code == 303
    assert [(row.state, row.files) for row in rows(library)] == [("refused", {}), ("withdrawn", {})]
    assert library.client.get(f"{back}/files/small.webp").status_code == 404
    assert library.files() == []


def test_an_emergency_is_stated_and_stands_on_the_first_page_until_somebody_else_looked(library: Library) -> None:
    proposal = library.upload(picture()).headers["Location"]
    assert library.client.post(f"{proposal}/publish-unread", data={"emergency": ""}).status_code == 422
    assert library.reader.get(PUBLIC).status_code == 404
    stated = {"emergency": "Gempa: denah titik kumpul"}
    assert library.client.post(f"{proposal}/publish-unread", data=stated).status_code == 303
    assert library.reader.get(PUBLIC).status_code == 200
    assert "Gempa: denah titik kumpul" in library.second.get(proposal).get_data(as_text=True)
    assert ("media.publish-unread", f"media/{ID}#{rows(library)[0].id[:12]}") in library.desk.recorded
    assert library.client.post(f"{proposal}/approve").status_code == 409
    assert library.second.post(f"{proposal}/approve").status_code == 303
    assert rows(library)[0].state == "published"


def test_the_first_page_lists_files_of_others(library: Library) -> None:
    library.upload(picture())
    library.upload(pdf(), **{"words-id": "Formulir", "words-en": "Form"})
    for client, count in ((library.client, 0), (library.second, 2)):
        with client:
            client.get(f"{DESK}/")
            card = waiting_files()
            assert (len(card.context["rows"]) if card else 0) == count


def test_files_of_before_count_as_approved_and_say_so(library: Library) -> None:
    library.add(picture())
    with library.app.app_context(), sessions()() as session:
        session.query(MediaProposal).delete()
        session.commit()
    library.desk.reload_content()
    assert library.reader.get(PUBLIC).status_code == 200
    assert "dianggap sudah disetujui" in library.client.get(f"{DESK}/{ID}").get_data(as_text=True)


def test_too_many_waiting_files_are_refused(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.media.proposals.proposals.MOST_WAITING", 1)
    library.upload(picture())
    answer = library.upload(picture())
    assert answer.status_code == 422
    assert WORDS["words-en"] in answer.get_data(as_text=True)
