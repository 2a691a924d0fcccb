"""Where weaknesses are reported, and what is kept of the reports of browsers: counts alone, and only when asked."""

from __future__ import annotations

import logging
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.settings import PROJECT
from portal.web.http import policy_reports
from tests.conftest import SAMPLE_CONTENT, AppFactory

PATH = "/.well-known/security.txt"


def site_with(folder: Path, lines: str) -> Path:
    content = shutil.copytree(SAMPLE_CONTENT, folder / "content")
    site = content / "site.yaml"
    site.write_text(site.read_text(encoding="utf-8") + lines, encoding="utf-8")
    return content


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_the_contact_of_the_site_its_end_and_its_languages(make_app: AppFactory, tmp_path: Path) -> None:
    lines = "security:\n  contact: mailto:aman@example.org\n  reviewed_on: 2026-11-24\n"
    app = make_app(content=site_with(tmp_path, lines), base_url="https://portal.example")
    answer = app.test_client().get(PATH)
    assert answer.mimetype == "text/plain"
    assert fields(answer.get_data(as_text=True)) == {
        "Contact": "mailto:aman@example.org",
        "Expires": "2027-11-19T00:00:00Z",
        "Preferred-Languages": "id, en",
        "Canonical": f"https://portal.example{PATH}",
    }


def test_without_a_contact_the_preview_says_so(make_app: AppFactory) -> None:
    text = make_app(content=PROJECT / "content").test_client().get(PATH).get_data(as_text=True)
    assert "Contact:" not in text
    assert "has not adopted" in text
    assert date.fromisoformat(fields(text)["Expires"][:10]) - date(2026, 11, 24) < timedelta(days=366)


def test_a_contact_that_nobody_can_use_is_refused(make_app: AppFactory, tmp_path: Path) -> None:
    lines = "security:\n  contact: aman@example.org\n  reviewed_on: 2026-11-24\n"
    with pytest.raises(Exception, match="mailto"):
        make_app(content=site_with(tmp_path, lines)).test_client().get(PATH)


def test_reports_are_off_by_default(make_app: AppFactory) -> None:
    client = make_app().test_client()
    assert "report-uri" not in client.get("/id/faq/").headers["Content-Security-Policy"]
    assert client.post("/policy-reports", data=b"{}").status_code == 404


def test_reports_are_counted_by_directive_and_nothing_else_is_kept(
    make_app: AppFactory, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_reports, "EVERY_SECONDS", 0)
    client = make_app(policy_reports=True).test_client()
    assert "report-uri /policy-reports" in client.get("/id/faq/").headers["Content-Security-Policy"]
    secret = {"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://siti.example"}}
    with caplog.at_level(logging.WARNING, logger="portal.policy"):
        assert client.post("/policy-reports", json=secret).status_code == 204
    assert caplog.records[-1].__dict__["fields"] == {"script-src-elem": 1}
    assert "siti" not in str([record.__dict__ for record in caplog.records])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"csp-report": 1}',
        b'{"csp-report": {"effective-directive": "x"}}',
        b"[" * 15000,
        b"x" * 20000,
    ],
)
def test_reports_that_are_none_do_no_harm(
    make_app: AppFactory, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(policy_reports, "EVERY_SECONDS", 0)
    client = make_app(policy_reports=True).test_client()
    with caplog.at_level(logging.WARNING, logger="portal.policy"):
        assert client.post("/policy-reports", data=body, content_type="application/csp-report").status_code == 204
    assert caplog.records[-1].__dict__["fields"] == {"other": 1}
