"""Permits, the finder and the calculators as a feature of the application."""

from __future__ import annotations

from portal.feature import Feature
from portal.messages import N_
from portal.permits import commands
from portal.permits.finder.loading import FINDER_REFERENCES
from portal.permits.finder.proving.checking import finder_check
from portal.permits.finder.value_uses import outcomes_using
from portal.permits.permit import PERMIT
from portal.permits.shared_words import SHARED_REFERENCES, shared_words_check
from portal.permits.views import bp
from portal.search.sources import SearchSource
from portal.web.navigation import MenuEntry

FEATURE = Feature(
    name="permits",
    value_outcomes=(outcomes_using,),
    types=(PERMIT,),
    references=(*FINDER_REFERENCES, *SHARED_REFERENCES),
    public=((bp, "/permits"),),
    menu=(MenuEntry("permits.index", N_("Permits"), 40),),
    search=(SearchSource(kind="permits", label=N_("Permits"), prior=0.75),),
    checks=(finder_check, shared_words_check),
    commands=commands.COMMANDS,
)
