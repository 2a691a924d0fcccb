"""A service of its own, planned by a scheduler and published by a reviewer, for tests and pictures of the builder."""

from __future__ import annotations

import re

from tests.accounts.signing import DeskClient
from tests.desk.desk_site import DeskSite

SERVICES = "/id/staff/services"


def fields(page: str) -> dict[str, str]:
    """The values that a browser sends for the selects and inputs of a page."""
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (("checkbox" not in tag) or "checked" in tag):
            values[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else first[1] if first else ""
    return values


def begun(planner: DeskClient) -> str:
    """A new service; gives its slug."""
    titles = {"title.id": "Loket Coba", "title.en": "Trial counter"}
    summaries = {"summary.id": "Untuk mencoba jam.", "summary.en": "For trying hours."}
    answer = planner.post(f"{SERVICES}/new", data={**titles, **summaries, "place": "kantor"})
    assert answer.status_code == 303
    return str(answer.headers["Location"]).split("/")[-2]


def with_saturdays(planner: DeskClient, slug: str) -> None:
    """Sessions on all Saturdays, saved into the draft."""
    address = f"{SERVICES}/{slug}/series/new"
    typed = fields(planner.get(address).get_data(as_text=True))
    typed |= {"name": "sabtu", "slot.from": "08:00", "slot.to": "12:00", "weekdays": "sat", "do": "save"}
    typed |= {"first": "2026-11-28", "until": "2027-01-30", "venue.id": "Balai desa", "venue.en": "Village hall"}
    assert planner.post(address, data=typed).status_code == 303


def published(site: DeskSite, planner: DeskClient) -> str:
    """A service with sessions on Saturdays that readers see; gives its slug."""
    slug = begun(planner)
    with_saturdays(planner, slug)
    assert planner.post(f"{SERVICES}/{slug}/send", data={"reason": "Layanan baru"}).status_code == 303
    id_ = site.drafts()[-1].id
    assert site.act(site.reviewer, id_, "approve").status_code == 303
    assert site.act(site.reviewer, id_, "publish").status_code == 303
    return slug
