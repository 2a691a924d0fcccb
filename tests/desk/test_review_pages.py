"""Review on the desk: four eyes, exactly the version that was read, nothing lost on a refusal."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from flask_login import login_user
from sqlalchemy import select

from portal.accounts.models import AuditEntry
from portal.content.sources.repository import ContentRepository, Person
from portal.content.sources.source import MAIN
from portal.drafts.models import APPROVED, PUBLISHED, REVIEW, SCHEDULED, WITHDRAWN, WRITING, Draft
from portal.web.staff import NotPublished, staff_services
from portal.web.state import EXTENSION
from portal.web.transactions import sessions
from tests.accounts.signing import make_staff, signed_in
from tests.conftest import AppFactory
from tests.desk.desk_site import KEY, SLUG, DeskSite

NEW = "Lapor ke polisi dulu, lalu datang ke kantor."


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path)


def page(site: DeskSite, path: str = f"/id/{KEY}") -> str:
    return site.app.test_client().get(path).get_data(as_text=True)


def audited(site: DeskSite) -> list[tuple[str, str]]:
    with site.app.app_context(), sessions()() as session:
        return [(row.action, row.subject) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_two_people_bring_a_change_to_readers(site: DeskSite) -> None:
    id_ = site.sent(NEW)
    assert NEW not in page(site)
    shown = site.reviewer.get(f"/id/staff/drafts/{id_}/review").get_data(as_text=True)
    assert "<ins>" in shown and "Lebih jelas" in shown
    done = site.act(site.reviewer, id_, "approve", then="publish")
    assert done.status_code == 303
    assert NEW in page(site)
    assert site.draft(id_).state == PUBLISHED
    newest = site.log()[0]
    assert (newest.author, newest.email) == ("Maria Bria", "maria@example.org")
    assert "Approved-by: Yohanis Nabu" in newest.message
    about = f"{KEY}#{id_}"
    assert [entry for entry in audited(site) if entry[1] == about] == [
        ("editing.send", about),
        ("editing.approve", about),
        ("editing.publish", about),
    ]


def test_nobody_approves_what_they_wrote(site: DeskSite) -> None:
    assert site.act(site.author, site.sent(NEW), "approve").status_code == 403
    site.act(site.author, site.drafts()[0].id, "take-back")
    own = site.sent("Ditulis peninjau sendiri.", client=site.reviewer)
    refused = site.act(site.reviewer, own, "approve", then="publish")
    assert refused.status_code == 409
    assert "Orang lain" in refused.get_data(as_text=True)
    assert (site.draft(own).state, NEW in page(site)) == (REVIEW, False)


def test_a_text_saved_meanwhile_is_not_approved_unread(site: DeskSite) -> None:
    id_ = site.sent(NEW)
    read = site.draft(id_).version
    site.written("Lain lagi.")
    site.act(site.author, id_, "send", reason="Lagi")
    assert site.reviewer.post(f"/id/staff/drafts/{id_}/approve", data={"version": str(read)}).status_code == 409
    assert site.draft(id_).state == REVIEW


def test_a_note_gives_a_draft_back(site: DeskSite) -> None:
    id_ = site.sent(NEW)
    assert site.act(site.reviewer, id_, "send-back", note=" ").status_code == 422
    assert site.act(site.reviewer, id_, "send-back", note="Sebut <b>alamat</b> polisi.").status_code == 303
    shown = site.author.get(f"/id/staff/drafts/{id_}/review").get_data(as_text=True)
    assert "Sebut &lt;b&gt;alamat&lt;/b&gt; polisi." in shown
    assert site.draft(id_).state == WRITING


def test_nobody_publishes_past_the_approval(site: DeskSite) -> None:
    id_ = site.sent(NEW)
    assert site.act(site.reviewer, id_, "publish").status_code == 409
    assert site.act(site.author, id_, "publish").status_code == 403
    assert NEW not in page(site)


def test_an_emergency_is_noted_and_read_afterwards(site: DeskSite) -> None:
    id_ = site.written(NEW, client=site.reviewer)
    assert site.act(site.author, id_, "publish-unread", emergency="Gempa").status_code == 403
    assert site.act(site.reviewer, id_, "publish-unread", emergency="").status_code == 422
    assert site.act(site.reviewer, id_, "publish-unread", emergency="Gempa: kantor ditutup").status_code == 303
    assert NEW in page(site)
    assert ("editing.publish-unread", f"{KEY}#{id_}") in audited(site)
    second = site.person("reviewer", name="Agus Tefa")
    assert site.act(site.reviewer, id_, "afterwards").status_code == 409
    assert "Gempa: kantor ditutup" in second.get(f"/id/staff/drafts/{id_}/review").get_data(as_text=True)
    assert site.act(second, id_, "afterwards").status_code == 303
    assert site.draft(id_).reviewer != ""


def test_a_change_waits_until_its_moment_in_plain_words(make_app: AppFactory, tmp_path: Path) -> None:
    site = DeskSite(make_app, tmp_path, clock=datetime.fromisoformat("2027-01-01T09:00+08:00"))
    id_ = site.sent(NEW)
    site.act(site.reviewer, id_, "approve")
    assert site.act(site.reviewer, id_, "publish", at="2026-12-31T08:00").status_code == 422
    assert site.act(site.reviewer, id_, "publish", at="2027-01-04T08:00").status_code == 303
    shown = site.reviewer.get(f"/id/staff/drafts/{id_}/review").get_data(as_text=True)
    assert "Senin 4 Jan 08.00 WITA, 3 hari lagi" in shown
    assert (site.draft(id_).state, NEW in page(site)) == (SCHEDULED, False)
    assert site.act(site.reviewer, id_, "cancel").status_code == 303
    assert site.draft(id_).state == APPROVED
    assert site.text(f"{KEY}/next/2027-01-04T0800/id.md") == ""


def test_a_page_published_meanwhile_leads_to_the_merge(site: DeskSite) -> None:
    id_ = site.sent(NEW)
    site.act(site.reviewer, id_, "approve")
    theirs = site.text(f"{KEY}/id.md").replace("title: ", "title: Baru! ", 1)
    press_with(site, {f"{KEY}/id.md": theirs})
    lead = site.act(site.reviewer, id_, "publish")
    assert (lead.status_code, lead.headers["Location"]) == (303, f"/id/staff/drafts/{id_}/merge")
    assert (site.draft(id_).state, site.text(f"{KEY}/id.md")) == (WRITING, theirs)
    merged = site.reviewer.get(f"/id/staff/drafts/{id_}/merge").get_data(as_text=True)
    assert "polisi" in merged and "Baru!" in merged


def test_who_wrote_a_part_does_not_approve_and_all_are_named(site: DeskSite) -> None:
    id_ = site.written("Bagian peninjau.", client=site.reviewer)
    site.written(NEW)
    site.act(site.author, id_, "send", reason="Lebih jelas")
    assert site.act(site.reviewer, id_, "approve", then="publish").status_code == 409
    assert (site.draft(id_).state, NEW in page(site)) == (REVIEW, False)
    second = site.person("reviewer", name="Agus Tefa")
    assert site.act(second, id_, "approve", then="publish").status_code == 303
    assert site.log()[0].message.count("Co-authored-by: ") == 1
    listed = site.author.get(f"/id/staff/edit/{KEY}/history").get_data(as_text=True)
    assert "Yohanis Nabu, Maria Bria, disetujui Agus Tefa" in listed
    saves = [subject for action, subject in audited(site) if action == "editing.save"]
    assert saves == [f"{KEY}#{id_}@2", f"{KEY}#{id_}@3"]


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_merge_over_another_published_page_voids_the_approval(site: DeskSite, choice: str) -> None:
    id_ = site.sent(NEW)
    site.act(site.reviewer, id_, "approve")
    theirs = site.text(f"{KEY}/id.md").replace("title: ", "title: Baru! ", 1)
    press_with(site, {f"{KEY}/id.md": theirs})
    form = {"version": str(site.draft(id_).version), "choice-id.title": choice}
    assert site.author.post(f"/id/staff/drafts/{id_}/merge", data=form).status_code == 303
    assert (site.draft(id_).state, site.draft(id_).reviewer) in ((REVIEW, ""), (WRITING, ""))
    assert site.act(site.reviewer, id_, "publish").status_code == 409
    assert site.text(f"{KEY}/id.md") == theirs
    if choice == "mine":
        shown = site.reviewer.get(f"/id/staff/drafts/{id_}/review").get_data(as_text=True)
        assert "Persetujuan tidak berlaku lagi" in shown
        assert site.act(site.reviewer, id_, "approve", then="publish").status_code == 303


def test_another_text_than_the_approved_one_is_not_published(site: DeskSite) -> None:
    id_ = site.sent(NEW)
    site.act(site.reviewer, id_, "approve")
    with site.app.app_context(), sessions()() as session:
        draft = session.get_one(Draft, id_)
        draft.files = {**draft.files, "id.md": draft.files["id.md"] + "\nDisusupkan.\n"}
        session.commit()
    refused = site.act(site.reviewer, id_, "publish")
    assert (refused.status_code, site.draft(id_).state) == (409, REVIEW)
    assert "Persetujuan tidak berlaku lagi" in refused.get_data(as_text=True)
    assert "Disusupkan" not in site.text(f"{KEY}/id.md")


def press_with(site: DeskSite, changes: dict[str, str]) -> None:
    """Publish texts past the desk, as a push does."""
    repository = ContentRepository(site.path)
    repository.save(
        {path: text.encode() for path, text in changes.items()},
        author=Person("Lain", ""),
        message="x",
        at=site.log()[0].at,
        expected=repository.head(MAIN),
    )
    repository.close()
    site.app.extensions[EXTENSION].generations.bump_content()


def test_a_machine_that_refuses_is_told_and_nothing_is_lost(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = site.sent(NEW)
    before = page(site)

    def full(*_given: object, **_named: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ContentRepository, "save", full)
        act = site.act(site.reviewer, id_, "approve", then="publish")
    assert act.status_code == 503
    assert "Halaman lama tetap ada dan draf Anda aman" in act.get_data(as_text=True)
    assert (site.draft(id_).state, page(site)) == (APPROVED, before)
    assert site.act(site.reviewer, id_, "publish").status_code == 303
    assert NEW in page(site)


def test_history_names_everybody_and_brings_texts_back(site: DeskSite) -> None:
    before = site.text(f"{KEY}/id.md")
    site.act(site.reviewer, site.sent(NEW), "approve", then="publish")
    first, shipped = (one.id for one in site.log(KEY))
    listed = site.author.get(f"/id/staff/edit/{KEY}/history").get_data(as_text=True)
    assert "Maria Bria, disetujui Yohanis Nabu" in listed and "Lebih jelas" in listed
    for path in (f"history/{first}", f"compare?from={shipped}&to={first}", f"compare?from={shipped}&to=now"):
        shown = site.author.get(f"/id/staff/edit/{KEY}/{path}").get_data(as_text=True)
        assert re.search("<ins>[^<]*polisi", shown)
    assert site.author.post(f"/id/staff/edit/{KEY}/history/{shipped}/restore-now").status_code == 403
    refused = site.reviewer.post(f"/id/staff/edit/{KEY}/history/{shipped}/restore-now")
    assert (refused.status_code, len(site.log(KEY))) == (409, 2)
    emergency = {"emergency": "Alamat yang salah terbit"}
    done = site.reviewer.post(f"/id/staff/edit/{KEY}/history/{shipped}/restore-now", data=emergency)
    assert done.status_code == 303
    restored = str(done.headers["Location"]).split("/")[-2]
    assert (site.text(f"{KEY}/id.md"), len(site.log(KEY))) == (before, 3)
    second = site.person("reviewer", name="Agus Tefa")
    assert f"{restored}/review" in second.get("/id/staff/").get_data(as_text=True)
    assert site.act(site.reviewer, restored, "afterwards").status_code == 409
    assert site.act(second, restored, "afterwards").status_code == 303
    assert f"{restored}/review" not in second.get("/id/staff/").get_data(as_text=True)
    waits = site.author.post(f"/id/staff/edit/{KEY}/history/{first}/restore")
    assert site.draft(str(waits.headers["Location"]).split("/")[-2]).state == REVIEW


@pytest.mark.parametrize("commit", ["0" * 40, "HEAD", "..", "-p", "a" * 39])
def test_a_commit_that_is_none_is_not_there(site: DeskSite, commit: str) -> None:
    assert site.reviewer.get(f"/id/staff/edit/{KEY}/history/{commit}").status_code == 404
    assert site.reviewer.get(f"/id/staff/edit/{KEY}/compare", query_string={"from": commit}).status_code == 404


def test_a_page_is_taken_back_with_its_reason_and_what_follows_it(site: DeskSite) -> None:
    path = f"/id/staff/edit/{KEY}/withdraw"
    assert site.author.post(path, data={"reason-id": ""}).status_code == 422
    assert site.author.post(path, data={"reason-id": "x", "successor": "faq/tidak-ada"}).status_code == 422
    began = site.author.post(path, data={"reason-id": "Diganti.", "successor": "faq/berapa-biaya"})
    id_ = str(began.headers["Location"]).split("/")[-2]
    site.act(site.reviewer, id_, "approve", then="publish")
    assert site.draft(id_).state == WITHDRAWN
    shown = page(site)
    assert "Diganti." in shown and "/id/faq/berapa-biaya" in shown
    assert f"/id/{KEY}" not in page(site, "/id/faq/")


def test_rooms_publish_through_the_desk_and_are_told_of_conflicts(site: DeskSite) -> None:
    staff = make_staff(site.app, "scheduler", name="Sari Lodo")
    path = f"{KEY}/facts.yaml"
    with site.app.test_request_context("/id/staff/"):
        login_user(staff)
        text = staff_services().read(path)
        staff_services().publish({path: text + "owner: loket\n"}, reason=f"{SLUG}: pemilik")
        assert site.text(path).endswith("owner: loket\n")
        staff_services().read(path)
        press_with(site, {path: text})
        with pytest.raises(NotPublished, match="Sementara itu"):
            staff_services().publish({path: text + "owner: lain\n"}, reason="x")
        with pytest.raises(NotPublished):
            staff_services().read("faq/tidak-ada/id.md")
        staff_services().read(path)
        with pytest.raises(NotPublished, match="situs akan rusak"):
            staff_services().publish({path: "status: [\n"}, reason="x")
        with pytest.raises(NotPublished):
            staff_services().draft("faq", SLUG, {})
        lead = staff_services().draft(
            "faq", "baru", {"facts.yaml": "status: published\n", "id.md": "---\ntitle: B\n---\nB.\n"}
        )
    assert site.author.get(lead).status_code == 200
    assert site.log()[1].author == "Sari Lodo"


def test_a_folder_is_not_written_into(make_app: AppFactory) -> None:
    app = make_app()
    client = signed_in(app, ["reviewer"])
    began = client.post(f"/id/staff/edit/{KEY}/begin")
    id_ = str(began.headers["Location"]).rpartition("/")[2]
    client.post(f"/id/staff/drafts/{id_}", data={"version": "1", "id.summary": NEW})
    post = client.post(f"/id/staff/drafts/{id_}/publish-unread", data={"version": "2", "emergency": "x"})
    assert "make desk" in post.get_data(as_text=True)
    assert "make desk" in client.get("/id/staff/history").get_data(as_text=True)
