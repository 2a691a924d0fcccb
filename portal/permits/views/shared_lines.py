"""The parts of a permit's page that many permits share, in the page's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from markupsafe import Markup

from portal.permits.finder.table import Effect
from portal.permits.permit import PermitFacts
from portal.permits.shared_words import LIMITS, PAPERS, ROUTES, Route
from portal.web.documents.embeds import linked, text_of
from portal.web.documents.page import DocumentPage
from portal.web.pages import catalogue, embed_context


class StepText(TypedDict):
    """A step of the way to apply."""

    title: str
    text: Markup


def may_not_lines(page: DocumentPage) -> list[str]:
    """The lines below "You may not": the shared ones, then those of the page; unknown ids are left out."""
    limits = catalogue().reference(LIMITS.name)
    shared = [text_of(limits[id_].name) for id_ in page.document.facts.limits if id_ in limits]
    return [*shared, *page.words.may_not]


def document_lines(page: DocumentPage, effects: Sequence[Effect] = ()) -> list[str]:
    """The list of documents: the shared lines, then those of the page, as the effects of a reader's case change them.

    Unknown ids are left out, and so is a line that stands there already.
    """
    papers = catalogue().reference(PAPERS.name)
    left_out = {id_ for effect in effects for id_ in effect.without}
    ids = [*page.document.facts.papers, *(id_ for effect in effects for id_ in effect.papers)]
    shared = [text_of(papers[id_].name) for id_ in ids if id_ in papers and id_ not in left_out]
    return list(dict.fromkeys([*shared, *page.words.documents]))


def route_place(facts: PermitFacts) -> str:
    """Where one applies on the permit's route; "" without one."""
    return place_of(facts.route)


def place_of(id_: str) -> str:
    """Where one applies on that route; "" where there is no such route."""
    route: Route | None = catalogue().reference(ROUTES.name).get(id_)
    return text_of(route.where) if route else ""


def route_steps(facts: PermitFacts) -> list[StepText]:
    """The steps of the permit's route that hold for its kind."""
    route = _route(facts)
    steps = route.steps if route else ()
    return [
        {"title": text_of(step.title), "text": linked(text_of(step.text), embed_context())}
        for step in steps
        if not step.forms or facts.form in step.forms
    ]


def _route(facts: PermitFacts) -> Route | None:
    return catalogue().reference(ROUTES.name).get(facts.route)
