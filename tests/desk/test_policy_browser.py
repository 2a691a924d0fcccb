"""The desk under its own policy, Trusted Types included: its main pages work and nothing violates it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.signing import signed_in
from tests.conftest import AppFactory
from tests.feedback.browser_site import BrowserSite
from tests.waiting import until

pytestmark = pytest.mark.browser
PAGES = (
    "", "account", "alerts/", "alerts/new", "audit/", "closings/", "closings/new", "edit/", "edit/faq/kartu-hilang",
    "edit/faq/kartu-hilang/history", "events/", "events/requests/", "feedback/", "feedback/pages/", "history", "links/",
    "media/", "media/new", "people/", "schedules/", "translations/", "values/",
)  # fmt: skip
LISTEN = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.sample}`));
"""  # noqa: E501
PASTE = """(area) => {
  const data = new DataTransfer();
  data.setData("text/html", "<style>p{color:red}</style><p style='margin:0'>Bawa " +
    "<b style='mso-bidi-font-weight:normal'>paspor</b> <i>lama</i></p>");
  area.focus();
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path, browser: Any) -> Iterator[BrowserSite]:
    made = BrowserSite(make_app, tmp_path, browser)
    yield made
    made.close()


def test_no_page_of_the_desk_violates_its_policy(site: BrowserSite) -> None:
    admin = signed_in(site.app, ["admin"], email="pengurus@example.org")
    page = site.page(client=admin, policy=True)
    page.add_init_script(LISTEN)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    for path in PAGES:
        answer = page.goto(f"{site.address}/id/staff/{path}")
        assert answer.status == 200, path
        policy = answer.headers["content-security-policy"]
        assert "require-trusted-types-for 'script'; trusted-types draft pasting builder" in policy
        assert page.evaluate("window.violations") == [], path
    assert problems == []


def test_writing_pasting_and_the_new_token_work_under_the_policy(site: BrowserSite) -> None:
    id_ = site.written("Kartu hilang, lalu?")
    page = site.page(client=site.author, policy=True)
    page.add_init_script(LISTEN)
    page.goto(f"{site.address}/id/staff/drafts/{id_}")
    area = page.locator('textarea[data-behaviour~="pasting"]').first
    area.evaluate(PASTE)
    assert "Bawa **paspor** *lama*" in area.input_value()
    until(lambda: bool(page.evaluate("document.querySelector('[data-saved]').textContent")))
    # The token of a session that ended: the script reads a fresh one from the page.
    page.evaluate("document.querySelectorAll('input[name=csrf_token]').forEach((one) => { one.value = 'x'; })")
    area.press("End")
    area.type(" dan KTP")
    until(lambda: bool(page.evaluate("document.querySelector('input[name=csrf_token]').value !== 'x'")))
    assert page.evaluate("window.violations") == []
    refused = page.evaluate(
        "(() => { try { document.createElement('p').innerHTML = '<b>x</b>'; } catch { return 'refused'; } })()"
    )
    assert refused == "refused"
