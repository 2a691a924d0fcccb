"""The log at the desk and on the command line: daily checkpoints, verification, the key, adopted commits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from portal.accounts.audit import every_entry
from portal.content.sources.repository import AUDIT, ContentRepository
from portal.content.sources.signing import SigningKey
from portal.ledger import record
from portal.publishing.checkpoints.jobs import make_checkpoint
from portal.publishing.jobs import copy_content
from portal.settings import SettingsError
from portal.web.transactions import engine, sessions
from tests.accounts.conftest import NOW
from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    made = DeskSite(make_app, tmp_path)
    id_ = made.sent("Ringkasan lain.")
    assert made.act(made.reviewer, id_, "approve", then="publish").status_code == 303
    return made


def run(site: DeskSite, *arguments: str) -> tuple[int, Any]:
    result = site.app.test_cli_runner().invoke(args=[*arguments, "--json"])
    return result.exit_code, json.loads(result.output) if result.output.startswith("{") else result.output


def checkpoint(site: DeskSite, at: datetime = NOW) -> str:
    with site.app.app_context():
        return make_checkpoint(at)


def bend(site: DeskSite) -> None:
    with site.app.app_context(), engine().begin() as connection:
        connection.execute(text("DROP TRIGGER accounts_audit_update"))
        connection.execute(text("UPDATE accounts_audit SET who = 'nobody' WHERE id = 1"))


def test_the_log_is_verified_and_proved_by_a_signed_checkpoint(site: DeskSite) -> None:
    code, before = run(site, "verify-audit")
    assert (code, before["findings"], before["proved"], before["checkpoints"]) == (0, [], 0, 0)
    assert before["entries"] > 3
    assert checkpoint(site).startswith("checkpoint ")
    code, after = run(site, "verify-audit")
    assert (code, after["findings"], after["checkpoints"]) == (0, [], 1)
    assert (after["proved"], after["entries"]) == (before["entries"], before["entries"] + 1)
    assert checkpoint(site).startswith("checkpoint ")
    assert run(site, "verify-audit")[1]["checkpoints"] == 2


def test_what_was_bent_is_named_on_the_command_line_in_health_and_at_the_desk(site: DeskSite) -> None:
    admin = site.person("admin", name="Ketua Kantor")
    page = "/id/staff/audit/"
    assert "belum pernah diperiksa" in admin.get(page).get_data(as_text=True)
    checkpoint(site)
    assert "dibuktikan sampai entri" in admin.get(page).get_data(as_text=True)
    bend(site)
    result = site.app.test_cli_runner().invoke(args=["verify-audit"])
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == "NOT AS IT WAS WRITTEN: audit 1 (position 1): altered"
    health = admin.get("/healthz").get_json()["checks"]["log"]
    assert health["state"] == "degraded"
    assert "audit 1 (position 1): altered" in health["detail"]
    assert "audit 1 (position 1): altered" in admin.get(page).get_data(as_text=True)
    assert checkpoint(site).startswith("no checkpoint")
    repository = ContentRepository(site.path)
    assert len(repository.ids(AUDIT)) == 1
    repository.close()


def test_checkpoints_reach_the_other_copy(make_app: AppFactory, tmp_path: Path) -> None:
    remote = tmp_path / "other.git"
    site = DeskSite(make_app, tmp_path, content_remote=str(remote))
    assert checkpoint(site) == ""
    site.written("Ringkasan lain.")
    assert checkpoint(site).startswith("checkpoint ")
    with site.app.app_context():
        assert "cannot be reached" in copy_content(NOW)
        ContentRepository.create(remote).close()
        assert copy_content(NOW) == "a checkpoint pushed"
        assert copy_content(NOW) == ""
    code, data = run(site, "verify-audit")
    assert (code, "which is here as well" in data["remote"]) == (0, True)
    here = ContentRepository(site.path)
    there = ContentRepository(remote)
    assert there.head(AUDIT) == here.head(AUDIT) != ""
    there.close()
    here.close()
    (site.path / "refs" / "heads" / "audit").unlink()
    code, data = run(site, "verify-audit")
    assert (code, "NOT here" in data["remote"]) == (1, True)


def test_a_new_key_keeps_what_the_old_one_signed(site: DeskSite) -> None:
    # The key is made anew at the real time.
    checkpoint(site, datetime(2020, 1, 1, tzinfo=UTC))
    old = run(site, "signing-key")[1]
    fresh = run(site, "signing-key", "--rotate")[1]
    assert fresh["line"] != old["line"]
    assert SigningKey(Path(old["path"])).line == fresh["line"]
    checkpoint(site)
    code, data = run(site, "verify-audit")
    assert (code, data["findings"], data["checkpoints"]) == (0, [], 2)
    with site.app.app_context(), sessions()() as session:
        assert "audit.key" in [entry.action for entry in every_entry(session)]


def test_a_commit_is_adopted_by_hand_and_that_is_in_the_log(site: DeskSite) -> None:
    assert run(site, "adopt-content", "f" * 40)[0] == 1
    code, data = run(site, "adopt-content")
    assert (code, len(data["commit"])) == (0, 40)
    with site.app.app_context(), sessions()() as session:
        last = list(every_entry(session))[-1]
    assert (last.action, last.subject) == ("audit.adopt", data["commit"])


def test_the_site_serves_signed_content_and_refuses_lists_without_keys(site: DeskSite, make_app: AppFactory) -> None:
    instance = site.app.extensions["portal"].settings.instance
    line = run(site, "signing-key")[1]["line"]
    served = {"content": site.path, "content_is_repository": True, "instance": instance}
    with pytest.raises(SettingsError, match="PORTAL_CONTENT_SIGNERS: /nowhere cannot be read"):
        make_app(**served, content_signers="/nowhere")
    again = make_app(**served, content_signers=line)
    assert again.test_client().get("/id/faq/kartu-hilang").status_code == 200
    assert again.test_client().get("/healthz").get_json()["checks"]["content"]["state"] == "ok"


def test_a_broken_record_is_no_record(tmp_path: Path) -> None:
    assert record.read(tmp_path) is None
    (tmp_path / record.FILE).write_text("{")
    assert record.read(tmp_path) is None
