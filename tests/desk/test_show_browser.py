"""From the first sign-in to the history: an author writes, a reviewer with an app approves, every worker shows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from passlib.totp import TOTP

from portal.content.sources.bundled import ensure_repository
from tests.conftest import SAMPLE_CONTENT
from tests.events.event_site import free_port
from tests.invariants import ROOT
from tests.waiting import until

pytestmark = pytest.mark.browser
WORKERS = 2
# Each request comes on a connection of its own, so that every worker is asked several times.
ASKED = 16
SLUG = "di-mana-membayar"
PASSWORD = "kelapa lontar sasando"
MARK = "sasandotujuh"


class DeskPages:
    """The site under its supervisor on a repository of its own, with `flask work`."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "content.git"
        ensure_repository(self.repository, SAMPLE_CONTENT, at=datetime.now(UTC))
        self.port, self.log = free_port(), folder / "log"
        self.environ = {
            **os.environ,
            "PORT": str(self.port),
            "PORTAL_INSTANCE": str(folder / "instance"),
            "PORTAL_CONTENT": str(self.repository),
            "PORTAL_WORKERS": str(WORKERS),
        }
        with self.log.open("wb") as detail:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.supervisor"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=detail,
                stderr=subprocess.STDOUT,
            )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> str:
        """The page, asked for on a new connection; nothing when nobody answered."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.read().decode() if response.status == 200 else ""
        except (OSError, HTTPException):
            return ""
        finally:
            connection.close()

    def wait(self, what: Callable[[], bool]) -> None:
        """Wait until it holds."""

        def detail() -> str:
            return self.log.read_text(errors="replace")

        def holds() -> bool:
            assert self.process.poll() is None, detail()
            return what()

        until(holds, detail=detail)

    def everywhere(self, path: str, words: str) -> bool:
        """Whether every worker shows those words there."""
        return all(words in self.get(path) for _ in range(ASKED))

    def add_staff(self, email: str, name: str, role: str) -> str:
        """Add a person by the command; gives the first password."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "add-staff", email]
        ran = subprocess.run(
            [*command, "--name", name, "--role", role, "--json"],
            cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return str(json.loads(ran.stdout)["password"])

    def git(self, *arguments: str) -> str:
        """What git says of the repository."""
        ran = subprocess.run(
            ["git", "-C", str(self.repository), *arguments], capture_output=True, text=True, check=True
        )
        return ran.stdout

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskPages]:
    made = DeskPages(tmp_path)
    try:
        made.wait(lambda: made.get("/id/faq/") != "")
        yield made
    finally:
        made.close()


def signed_in(desk: DeskPages, browser: Any, email: str, first: str) -> Any:
    """A browser page of a new person who has signed in for the first time and chosen a password."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{desk.address}/id/staff/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", first)
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=new_password]")
    page.fill("input[name=password]", first)
    page.fill("input[name=new_password]", PASSWORD)
    page.fill("input[name=new_password_confirm]", PASSWORD)
    page.keyboard.press("Enter")
    return page


def with_app(page: Any) -> None:
    """Set up the authenticator app as the pages ask for it."""
    page.wait_for_selector("code.key")
    secret = page.inner_text("code.key").replace(" ", "")
    page.fill("input[name=code]", TOTP(key=secret).generate().token)
    page.keyboard.press("Enter")
    page.click("button[name=generate_new_codes]")
    page.wait_for_selector("ul.codes")


def test_an_author_and_a_reviewer_bring_a_question_to_every_reader(desk: DeskPages, browser: Any) -> None:
    first = {name: desk.add_staff(f"{name}@example.org", name.title(), role) for name, role in PEOPLE.items()}
    author = signed_in(desk, browser, "maria@example.org", first["maria"])
    with_app(author)
    write(desk, author)
    reviewer = signed_in(desk, browser, "yohanis@example.org", first["yohanis"])
    with_app(reviewer)
    reviewer.goto(f"{desk.address}/id/staff/")
    reviewer.click("section[aria-labelledby=review] a >> nth=0")
    reviewer.wait_for_url("**/review")
    assert reviewer.locator("ins", has_text=MARK).count() >= 1
    reviewer.click("text=Setujui dan terbitkan", no_wait_after=True)
    desk.wait(lambda: SLUG in desk.git("ls-tree", "-r", "--name-only", "main"))
    surfaces = {
        f"/id/faq/{SLUG}": MARK,
        f"/en/faq/{SLUG}": "Where do I pay?",
        f"/id/search?q={MARK}": f"/id/faq/{SLUG}",
        "/id/atom.xml": f"/id/faq/{SLUG}",
        "/sitemap.xml": f"/en/faq/{SLUG}",
    }
    for path, words in surfaces.items():
        desk.wait(partial(desk.everywhere, path, words))
    reviewer.wait_for_selector("text=Tidak ada. Sudah terbit.")
    shown = desk.get(f"/id/faq/{SLUG}")
    assert "<table>" in shown and 'class="amount">Rp' in shown
    newest = desk.git("log", "-1", "--format=%an <%ae>|%cn|%(trailers:key=Approved-by,valueonly)", "main")
    assert newest.strip() == "Maria <maria@example.org>|Yohanis|Yohanis"
    assert desk.git("log", "-1", "--format=%(trailers:key=Revision,valueonly)", "main").strip()
    change_and_bring_back(desk, author, reviewer)
    desk.git("fsck", "--strict")


PEOPLE = {"maria": "author", "yohanis": "reviewer"}
BODY = f"Bayar {{{{ fee:kartu-hilang }}}} di loket {MARK}.\n\n| Hari | Jam |\n| --- | --- |\n| Senin | Pagi |\n"


def write(desk: DeskPages, page: Any) -> None:
    """Write the question in both languages and send it to review."""
    page.goto(f"{desk.address}/id/staff/edit/?kind=faq")
    page.click("text=Baru: Pertanyaan")
    page.fill("#field-title", "Di mana membayar?")
    page.click("text=Mulai menulis")
    page.wait_for_url("**/staff/drafts/*")
    page.fill("#field-id-summary", "Bayar di loket.")
    page.fill("#field-id-body", BODY)
    page.fill("#field-en-title", "Where do I pay?")
    page.fill("#field-en-summary", "Pay at the counter.")
    page.fill("#field-en-body", BODY.replace("Bayar", "Pay").replace("di loket", "at the counter"))
    page.check("input[name='en.stamp']")
    page.locator("#field-facts-topics input[type=checkbox]").first.check()
    page.locator("text=Simpan dan kirim untuk ditinjau").first.click()
    page.wait_for_url("**/review")
    page.fill("input[name=reason]", "Sering ditanyakan di loket")
    page.click("main button:has-text('Kirim untuk ditinjau')")
    page.wait_for_selector("text=Anda ikut menulis")


def change_and_bring_back(desk: DeskPages, author: Any, reviewer: Any) -> None:
    """Change the question once more, then bring its first text back as a new revision."""
    author.goto(f"{desk.address}/id/staff/edit/faq/{SLUG}")
    author.click("text=Sunting halaman ini")
    author.wait_for_url("**/staff/drafts/*")
    author.fill("#field-id-summary", "Bayar di bank.")
    author.locator("text=Simpan dan kirim untuk ditinjau").first.click()
    author.wait_for_url("**/review")
    author.fill("input[name=reason]", "Loket tutup")
    author.click("main button:has-text('Kirim untuk ditinjau')")
    author.wait_for_selector("text=Anda ikut menulis")
    reviewer.goto(author.url)
    reviewer.click("text=Setujui dan terbitkan")
    desk.wait(lambda: desk.everywhere(f"/id/faq/{SLUG}", "Bayar di bank."))
    reviewer.goto(f"{desk.address}/id/staff/edit/faq/{SLUG}/history")
    reviewer.click("ul.history li:last-child a")
    reviewer.click("details:has(input[name=emergency]) summary")
    reviewer.fill("input[name=emergency]", "Loket buka lagi")
    reviewer.click("text=Kembalikan tulisan ini sekarang")
    reviewer.wait_for_url("**/review")
    desk.wait(lambda: desk.everywhere(f"/id/faq/{SLUG}", "Bayar di loket."))
    reviewer.goto(f"{desk.address}/id/staff/edit/faq/{SLUG}/history")
    assert reviewer.locator("ul.history li").count() == 3
