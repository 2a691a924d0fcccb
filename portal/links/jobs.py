"""What `flask work` does for links by night: a few looks each minute, until every link was looked at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from time import monotonic
from zoneinfo import ZoneInfo

from portal.links.checking import due, forget_others, note
from portal.links.outside import hosts_of, outside_links
from portal.links.visiting import Visit, Visitor
from portal.web.operations.jobs import Job
from portal.web.state import portal
from portal.web.transactions import sessions

# The office's night, when nobody needs the line.
FIRST_HOUR, LAST_HOUR = 1, 5
EVERY_SECONDS = 60.0
# Other jobs wait meanwhile.
SECONDS_A_RUN = 20.0
MOST_A_RUN = 10


def look_by_night(now: datetime) -> str:
    """Look at the links that are due, for at most a third of a minute."""
    catalogue = portal().live.current()
    local = now.astimezone(ZoneInfo(catalogue.site.timezone))
    if not FIRST_HOUR <= local.hour < LAST_HOUR:
        return ""
    addresses = outside_links(catalogue)
    visitor = Visitor(hosts=hosts_of(addresses), agent=f"link check of {portal().settings.base_url}")
    midnight = datetime.combine(local.date(), time(0), tzinfo=local.tzinfo)
    return look(list(addresses), visitor.visit, now=now, since=midnight)


def look(addresses: list[str], visit: Callable[[str], Visit], *, now: datetime, since: datetime) -> str:
    """Look at what is due among the addresses and keep what was found; gives one sentence for the log."""
    began = monotonic()
    with sessions()() as session:
        waiting = due(session, addresses, since=since, most=MOST_A_RUN)
        if not waiting:
            gone = forget_others(session, addresses)
            return f"{gone} links are no longer named" if gone else ""
    done = 0
    for address in waiting:
        if monotonic() - began > SECONDS_A_RUN:
            break
        visited = visit(address)
        with sessions()() as session:
            note(session, address, visited, now=now)
        done += 1
    return f"{done} links looked at"


JOBS = (Job(name="links", seconds=EVERY_SECONDS, run=look_by_night),)
