"""The pictures of docs/editors.md, taken from the desk itself: `python -m tests.desk.pictures docs/images`."""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from tests import chromium
from tests.accounts.signing import DeskClient
from tests.conftest import AppFactory
from tests.desk.desk_site import KEY, DeskSite
from tests.desk.schedule_journey import SERVICES, fields, published

VIEW = {"width": 1100, "height": 720}
SUMMARY = "Lapor ke polisi dulu, lalu buat kartu baru di loket."
REASON = "Pembaca bertanya di mana harus melapor"

# Hours of a working week as the builder's form sends them.
WEEK = {
    "w.mode": "weekly",
    **{f"w.{day}.state": "open" for day in ("mon", "tue", "wed", "thu", "fri")},
    **{f"w.{day}.0.from": "08:00" for day in ("mon", "tue", "wed", "thu", "fri")},
    **{f"w.{day}.0.to": "12:00" for day in ("mon", "tue", "wed", "thu", "fri")},
}


class Photographer:
    """A browser that is signed in as somebody and keeps what it sees."""

    def __init__(self, browser: Any, address: str, folder: Path) -> None:
        self._browser, self._address, self._folder = browser, address, folder

    def take(self, client: DeskClient, path: str, name: str, *, around: str = "", width: int = 1100) -> None:
        """A picture of the page, scrolled to an element where one is named."""
        context = self._browser.new_context(viewport={**VIEW, "width": width})
        context.add_cookies(
            [
                {"name": one.key, "value": one.value, "domain": "127.0.0.1", "path": one.path}
                for one in (client._cookies or {}).values()
            ]
        )
        page = context.new_page()
        page.goto(self._address + path)
        if around:
            page.locator(around).first.scroll_into_view_if_needed()
        page.screenshot(path=self._folder / f"{name}.png")
        context.close()


def take_all(site: DeskSite, eye: Photographer) -> None:
    """Walk through the five commonest tasks and take a picture at each."""
    id_ = site.written(SUMMARY)
    eye.take(site.author, f"/id/staff/drafts/{id_}", "desk-write")
    site.act(site.author, id_, "send", reason=REASON)
    eye.take(site.reviewer, "/id/staff/", "desk-today")
    eye.take(site.reviewer, f"/id/staff/drafts/{id_}/review", "desk-review")
    site.act(site.reviewer, id_, "approve")
    eye.take(site.reviewer, f"/id/staff/drafts/{id_}/review", "desk-schedule", around="text=Jadwalkan")
    site.act(site.reviewer, id_, "publish")
    eye.take(site.reviewer, f"/id/staff/edit/{KEY}/history", "desk-history")
    planner = site.person("scheduler", name="Sari Lodo")
    slug = published(site, planner)
    address = f"{SERVICES}/{slug}/hours"
    seen = fields(planner.get(address).get_data(as_text=True))["seen"]
    planner.post(address, data={**WEEK, "seen": seen, "do": "save"})
    eye.take(planner, address, "desk-hours")
    eye.take(planner, f"{SERVICES}/{slug}/series/sabtu", "desk-series")
    eye.take(planner, "/id/staff/schedules/", "desk-sessions-phone", width=360)


def main() -> None:
    """Take the pictures into the folder that is named."""
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as made, chromium.launched() as browser:
        site = DeskSite(AppFactory(Path(made)), Path(made))
        server = make_server("127.0.0.1", 0, site.app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        take_all(site, Photographer(browser, f"http://127.0.0.1:{server.server_port}", folder))
        server.shutdown()


if __name__ == "__main__":
    main()
