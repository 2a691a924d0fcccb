"""Questions and answers as a feature of the application."""

from __future__ import annotations

from portal.faq.question import QUESTION
from portal.faq.views import bp
from portal.feature import Feature
from portal.messages import N_
from portal.search.sources import SearchSource

FEATURE = Feature(
    name="faq",
    types=(QUESTION,),
    public=((bp, "/faq"),),
    search=(SearchSource(kind="faq", label=N_("Questions and answers")),),
)
