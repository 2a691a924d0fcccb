"""Guides as a feature of the application."""

from __future__ import annotations

from portal.feature import Feature
from portal.guidance.guide import GUIDE
from portal.guidance.views import bp
from portal.messages import N_
from portal.search.sources import SearchSource
from portal.web.navigation import MenuEntry

FEATURE = Feature(
    name="guidance",
    types=(GUIDE,),
    public=((bp, "/guidance"),),
    menu=(MenuEntry("guidance.index", N_("Guides"), 10),),
    search=(SearchSource(kind="guidance", label=N_("Guides"), prior=0.9, splits_parts=True),),
)
