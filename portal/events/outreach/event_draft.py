"""The draft of an event made from a request for an outreach."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from portal.content.parsing import typed, yaml_of
from portal.content.yaml_editing import yaml_text
from portal.events.event import EventFacts
from portal.events.outreach.models import OutreachRequest
from portal.events.outreach.requests import wished_dates


def draft_files(request: OutreachRequest, *, zone: ZoneInfo, today: date) -> dict[str, str]:
    """The files of an event draft made from a request: where, for whom, how many guests, the first wished day.

    Nobody's name or contact goes into it: those stay with the request.
    """
    days = wished_dates(request)
    day = days[0] if days else today
    facts = {
        "status": "draft",
        "topics": [request.topic] if request.topic else [],
        "audience": [request.audience] if request.audience else [],
        "starts": f"{day}T09:00",
        "ends": f"{day}T11:00",
        "state": "planned",
        "venue": {"name": {"id": request.place}},
        "district": request.district,
        "partner": {"kind": "other", "name": {"id": request.host}},
        "registration": {"capacity": request.guests},
    }
    facts_text = yaml_text(facts)
    typed(yaml_of(facts_text, "facts.yaml"), EventFacts, path="facts.yaml", zone=zone)
    front_matter = yaml_text({"title": request.place, "summary": ""})
    return {"facts.yaml": facts_text, "id.md": f"---\n{front_matter}---\n"}
