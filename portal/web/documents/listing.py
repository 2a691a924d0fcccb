"""Documents in lists: as links with their summaries, and grouped by the topics of the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.content.document import Document
from portal.web.addresses import address_of
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import catalogue


@dataclass(frozen=True)
class Group:
    """A topic with what belongs to it."""

    id: str
    title: str
    summary: str
    links: Sequence[Link]


def link_to(document: Document, *, detail: bool = True) -> Link:
    """A document as a link, with its summary unless `detail` is false; marked if its words are in another language."""
    text = document.words_in(language())
    link: Link = {"label": str(text.words.title), "href": address_of(document)}
    if detail and text.words.summary:
        link["detail"] = str(text.words.summary)
    if text.is_fallback:
        link["lang"] = text.language
    return link


def by_topic(documents: Iterable[Document], *, detail: bool = True) -> list[Group]:
    """The documents under their first topic, topics in the site's order; the rest at the end."""
    topics = catalogue().reference("topics")
    sorted_ = sorted(documents, key=lambda document: document.title(language()).casefold())
    groups = []
    for id_, topic in topics.items():
        links = [link_to(one, detail=detail) for one in sorted_ if one.facts.topics[:1] == (id_,)]
        if links:
            groups.append(Group(id_, text_of(topic.name), text_of(topic.summary), links))
    rest = [link_to(one, detail=detail) for one in sorted_ if not one.facts.topics or one.facts.topics[0] not in topics]
    if rest:
        groups.append(Group("other", _("Other subjects"), "", rest))
    return groups
