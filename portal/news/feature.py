"""News as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.news.item import NEWS
from portal.news.views import bp, home_card
from portal.search.sources import SearchSource
from portal.web.navigation import MenuEntry

FEATURE = Feature(
    name="news",
    types=(NEWS,),
    public=((bp, "/news"),),
    menu=(MenuEntry("news.index", N_("News"), 50),),
    cards=(CardSource(slot="home", make=home_card, position=100),),
    search=(SearchSource(kind="news", label=N_("News"), prior=0.55),),
)
