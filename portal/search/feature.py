"""The search as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.search import commands, staff, wiring
from portal.search.sources import SEARCH_REFERENCES
from portal.search.views.pages import bp

FEATURE = Feature(
    name="search",
    references=SEARCH_REFERENCES,
    public=((bp, ""),),
    jobs=wiring.JOBS,
    cards=(CardSource(slot="desk", make=staff.searches, position=15),),
    commands=commands.COMMANDS,
    install=wiring.install,
)
