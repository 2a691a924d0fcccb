"""With the real desk over a repository: alerts and pictures are commits, a question becomes a page that is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.database import writing
from portal.drafts.models import Draft
from portal.search.wiring import update_index
from portal.web.clock import request_clock
from portal.web.transactions import sessions
from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite
from tests.feedback.conftest import Submissions
from tests.media.conftest import Library, picture
from tests.office.test_alert_steps import STORM

WORDS = {"words-id": "Loket pelayanan", "words-en": "Service counter", "credit": ""}


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path)


def test_a_question_becomes_a_draft_and_is_found_after_publication(site: DeskSite) -> None:
    submissions = Submissions(site.app, site.path)
    asked = "Bolehkah anak kembar memakai kartu keluarga lama? Telepon saya 0812 3456 7890."
    assert submissions.ask(question=asked).status_code == 303
    answer = {"answer": "Boleh, selama datanya sama.\n\nBawa kartu keluarga yang asli."}
    gone = site.reviewer.post("/id/staff/feedback/1/draft", data=answer)
    assert gone.status_code == 303
    id_ = gone.headers["Location"].rpartition("/")[2]
    page = site.reviewer.get(gone.headers["Location"]).get_data(as_text=True)
    assert "Bolehkah anak kembar" in page
    assert "3456" not in page
    draft = site.draft(id_)
    assert (draft.kind, draft.is_new) == ("faq", True)
    assert site.act(site.reviewer, id_, "send", reason="Pertanyaan pembaca").status_code == 303
    other = site.person("admin", name="Agnes Tefa")
    assert site.act(other, id_, "approve").status_code == 303
    assert site.act(other, id_, "publish").status_code == 303
    assert site.app.test_client().get(f"/id/faq/{draft.slug}").status_code == 200
    with site.app.app_context():
        update_index(datetime.now(UTC))
    body = site.app.test_client().get("/id/search?q=anak+kembar").get_data(as_text=True)
    assert f"/id/faq/{draft.slug}" in body


def test_a_picture_is_one_commit_and_is_served_from_it(site: DeskSite) -> None:
    library = Library(site.app, site.path, client=site.reviewer)
    before = len(site.log())
    assert library.add(picture(1000, 500), **WORDS).headers["Location"] == "/id/staff/media/loket-pelayanan"
    assert len(site.log()) == before + 1
    commit = site.log()[0]
    assert (commit.author, "Approved-by: Maria Bria" in commit.message) == ("Yohanis Nabu", True)
    assert library.reader.get("/media/loket-pelayanan/large.webp").status_code == 200
    assert library.add(picture(500, 500), to="loket-pelayanan/replace").status_code == 303


def test_a_preview_shows_a_picture_that_readers_do_not_see_yet(site: DeskSite) -> None:
    library = Library(site.app, site.path, client=site.reviewer)
    proposal = library.upload(picture(1000, 500), **WORDS).headers["Location"]
    draft = site.draft(site.written("Kartu hilang, lalu?"))
    text = draft.files["id.md"] + "\n\n::: picture loket-pelayanan\n:::\n"
    with site.app.app_context(), sessions()() as session, writing(session):
        session.get_one(Draft, draft.id).files = {**draft.files, "id.md": text}
    page = site.reviewer.get(f"/id/staff/drafts/{draft.id}/page").get_data(as_text=True)
    assert f"{proposal}/files/small.webp 480w" in page
    assert site.reviewer.get(f"{proposal}/files/medium.webp").status_code == 200
    assert "/media/loket-pelayanan/" not in page.replace(proposal, "")


def test_a_file_that_no_page_uses_is_removed(site: DeskSite) -> None:
    library = Library(site.app, site.path, client=site.reviewer)
    library.add(picture(1000, 500), **WORDS)
    assert site.reviewer.post("/id/staff/media/loket-pelayanan/remove").status_code == 303
    assert library.reader.get("/media/loket-pelayanan/large.webp").status_code == 404


def test_an_alert_is_published_and_ended(site: DeskSite) -> None:
    with site.app.app_context():
        storm = {**STORM, "until": f"{request_clock().now + timedelta(hours=3):%Y-%m-%dT%H:%M}"}
    published = site.reviewer.post("/id/staff/alerts/new/publish", data=storm)
    assert published.status_code == 303, published.get_data(as_text=True)
    slug = published.headers["Location"].rpartition("=")[2]
    assert "Badai" in site.app.test_client().get("/id/faq/").get_data(as_text=True)
    assert site.reviewer.post(f"/id/staff/alerts/{slug}/end").status_code == 303
    assert "Badai" not in site.app.test_client().get("/id/faq/").get_data(as_text=True)
