"""Embeds: the parts of a text that are filled when a page is rendered, such as amounts, laws, channels and cards.

`fill` is called once per text and page; everything that it reads comes from the `EmbedContext`. A filler gives Markup,
made with `Markup.format`, which escapes each value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from portal.content.document import text_in
from portal.content.markdown.body import Segment
from portal.content.markdown.compiler import HOST
from portal.content.reference import Contact, DatedValue, DatedView, Fee, capitalised
from portal.languages import formatting
from portal.page_cache.tracking import TrackedCatalogue
from portal.web.clock import RequestClock
from portal.web.languages import gettext as _
from portal.web.languages import language

# Terms are written as they stand inside a sentence; these tell where one begins instead.
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s+|<(?:p|li|td|th|h\d)(?:\s[^<>]*)?>)\s*(?:<(?:strong|em|b)>)?$")
_TERM = re.compile(r"^(<[^>]+>)(.*)$", re.S)
_ICONS = {"scam": "shield"}


@dataclass(frozen=True)
class EmbedContext:
    """What fillers read: the request's catalogue and clock, its language, addresses, and macros of templates.

    `key_path` gives the path for the key of a document, `macro` the HTML of a macro by template, name and arguments.
    """

    catalogue: TrackedCatalogue
    clock: RequestClock
    language: str
    url: Callable[..., str]
    key_path: Callable[[str], str]
    macro: Callable[..., Markup]

    def record(self, reference: str, id_: str) -> Any:
        """The record of that reference, or None."""
        return self.catalogue.reference(reference).get(id_)

    def text(self, texts: str | Mapping[str, str]) -> str:
        """The text in the context's language, else in the primary one."""
        return text_in(texts, self.language)


def fill(segments: Iterable[Segment], context: EmbedContext) -> Markup:
    """The HTML of a text with every embed filled."""
    filled: list[str] = []
    for segment in segments:
        if isinstance(segment, str):
            filled.append(segment)
            continue
        html = _FILLERS[segment.kind](context, segment.id)
        if segment.kind == "term" and _begins_sentence(filled):
            html = Markup(_TERM.sub(lambda match: match[1] + capitalised(match[2]), html))  # noqa: S704 - as it was
        filled.append(html)
    return Markup("".join(filled))  # noqa: S704 - texts were cleaned when they were compiled


def _begins_sentence(before: list[str]) -> bool:
    return not before or bool(_SENTENCE_START.search(before[-1][-120:]))


def text_of(texts: str | Mapping[str, str]) -> str:
    """The text in this request's language, else in the primary one."""
    return text_in(texts, language())


def fee_text(id_: str, context: EmbedContext) -> str:
    """A fee as plain text: the amount that holds today, with what changes around a date; "" for an unknown fee."""
    fee: Fee | None = context.record("fees", id_)
    return "" if fee is None else fee_words(context.clock.view_of(fee.values), context.language)


def fee_words(view: DatedView, code: str) -> str:
    """The words for a dated amount: one value, or the old and the new one with their dates."""
    upcoming = view.upcoming
    current = _amount(view.current, code)
    if upcoming and upcoming.valid_from and upcoming.is_known:
        starts = formatting.day(upcoming.valid_from, code)
        coming = _("from %(day)s: %(amount)s", day=starts, amount=_amount(upcoming, code))
        if view.current is None or not view.current.is_known:
            return coming
        if view.current.valid_to:
            ends = formatting.day(view.current.valid_to, code)
            return _("%(amount)s until %(day)s; %(coming)s", amount=current, day=ends, coming=coming)
        return f"{current}; {coming}"
    if view.current and view.current.valid_from and view.recent and view.recent.is_known:
        since = formatting.day(view.current.valid_from, code)
        before = _amount(view.recent, code)
        return _("%(amount)s since %(day)s (before: %(before)s)", amount=current, day=since, before=before)
    return current


def _amount(value: DatedValue | None, code: str) -> str:
    if value is None or not isinstance(value.value, int):
        return _("not known")
    return _("free") if value.value == 0 else formatting.money(value.value, code)


def contact_html(contact: Contact, context: EmbedContext) -> Markup:
    """A channel in a line: its confirmed value, linked where a phone can follow it, or that it is unknown."""
    current = context.clock.view_of(contact.values).current
    name = context.text(contact.name)
    if current is None or not current.is_known:
        return Markup("{} ({})").format(name, _("not yet confirmed by the office"))
    value = str(current.value)
    links = [(link.name, link.url) for link in contact.links] or [(host_of(value), _contact_href(contact.kind, value))]
    anchors = Markup(", ").join(_anchor(words, href) for words, href in links)
    return Markup("{}: {}").format(name, anchors)


def _anchor(words: str, href: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, _breakable(words)) if href else _breakable(words)


def _breakable(host: str) -> Markup:
    """The words with places where a narrow line may break them, which is after a point and never in a word."""
    return Markup(".<wbr>").join(host.split(".")) if "." in host and " " not in host else Markup.escape(host)


def host_of(address: str) -> str:
    """The address as people say it: without scheme and closing slash."""
    return address.removeprefix("https://").rstrip("/")


def linked(text: str, context: EmbedContext) -> Markup:
    """Plain text with the names of official sites as links, where a contact has that address."""
    pieces = HOST.split(text)
    # Every second piece is what the pattern captured.
    return Markup("").join(_host(context, piece) if at % 2 else Markup.escape(piece) for at, piece in enumerate(pieces))


def _host(context: EmbedContext, host: str) -> Markup:
    """The name of a site; a link when one of the contacts has that address today."""
    for contact in context.catalogue.reference("contacts").values():
        current = context.clock.view_of(contact.values).current if contact.kind == "site" else None
        if current is not None and host_of(str(current.value)) == host:
            return _anchor(host, str(current.value))
    return _breakable(host)


def _contact_href(kind: str, value: str) -> str:
    digits = "".join(character for character in value if character.isdigit() or character == "+")
    if kind == "phone":
        return f"tel:{digits}"
    if kind == "whatsapp":
        return f"https://wa.me/{digits.lstrip('+')}"
    if kind == "email":
        return f"mailto:{value}"
    return value if value.startswith("https://") else ""


def _fee(context: EmbedContext, id_: str) -> Markup:
    return Markup('<strong class="amount">{}</strong>').format(fee_text(id_, context))


def _money(context: EmbedContext, amount: str) -> Markup:
    if not amount.isdecimal():
        return Markup()
    return Markup('<span class="amount">{}</span>').format(formatting.money(int(amount), context.language))


def _law(context: EmbedContext, id_: str) -> Markup:
    law = context.record("laws", id_)
    if law is None:
        return Markup.escape(id_)
    return Markup('<a href="{}">{}</a>').format(context.url("office.laws", _anchor=id_), law.number)


def _contact(context: EmbedContext, id_: str) -> Markup:
    contact = context.record("contacts", id_)
    return Markup() if contact is None else contact_html(contact, context)


def _place(context: EmbedContext, id_: str) -> Markup:
    place = context.record("places", id_)
    return Markup() if place is None else Markup.escape(context.text(place.name))


def _term(context: EmbedContext, id_: str) -> Markup:
    term = context.record("glossary", id_)
    if term is None:
        return Markup.escape(id_)
    href = context.url("office.glossary", _anchor=id_)
    return Markup('<a class="term" href="{}">{}</a>').format(href, context.text(term.term))


def _href(context: EmbedContext, key: str) -> Markup:
    return Markup.escape(context.key_path(key))


def _icon(context: EmbedContext, name: str) -> Markup:
    return context.macro("components/icon.html", "icon", _ICONS.get(name, name))


def _or(_context: EmbedContext, _id: str) -> Markup:
    return Markup('<span class="joining">{}</span>').format(_("or"))


def _and(_context: EmbedContext, _id: str) -> Markup:
    return Markup('<span class="joining">{}</span>').format(_("and"))


def _contact_card(context: EmbedContext, id_: str) -> Markup:
    contact = context.record("contacts", id_)
    return Markup() if contact is None else Markup('<p class="card">{}</p>').format(contact_html(contact, context))


def _place_card(context: EmbedContext, id_: str) -> Markup:
    place = context.record("places", id_)
    if place is None:
        return Markup()
    address = context.text(place.address) if place.address else _("Address not yet confirmed")
    return Markup('<p class="card"><b>{}</b><br>{}</p>').format(context.text(place.name), address)


def _fees_card(context: EmbedContext, ids: str) -> Markup:
    fees = context.catalogue.reference("fees")
    rows = Markup().join(_fee_row(context, fees[id_]) for id_ in ids.split() if id_ in fees)
    return Markup(
        '<div class="table-box" tabindex="0"><table><thead>'
        '<tr><th scope="col">{}</th><th scope="col" class="number">{}</th></tr>'
        "</thead><tbody>{}</tbody></table></div>"
    ).format(_("What"), _("Fee"), rows)


def _fee_row(context: EmbedContext, fee: Fee) -> Markup:
    view = context.clock.view_of(fee.values)
    details = [context.text(fee.unit)] if fee.unit else []
    if view.current and view.current.valid_from and not view.recent and not view.upcoming:
        details.append(_("since %(day)s", day=formatting.short_day(view.current.valid_from, context.language)))
    small = Markup("<br><small>{}</small>").format(", ".join(details)) if details else ""
    return Markup('<tr><th scope="row">{}{}</th><td class="number">{}</td></tr>').format(
        context.text(fee.name), small, fee_words(view, context.language)
    )


def _download(_context: EmbedContext, argument: str) -> Markup:
    path, _space, label = argument.partition(" ")
    return Markup('<p><a href="/media/{}">{}</a></p>').format(path, label or path)


def _picture(context: EmbedContext, argument: str) -> Markup:
    """A picture in the size that fits the screen; the words after its id stand under it."""
    id_, _space, caption = argument.partition(" ")
    record = context.record("media", id_)
    return Markup() if record is None else context.macro("components/picture.html", "picture", id_, record, caption)


_FILLERS: dict[str, Callable[[EmbedContext, str], Markup]] = {
    "fee": _fee,
    "money": _money,
    "law": _law,
    "contact": _contact,
    "place": _place,
    "term": _term,
    "href": _href,
    "host": _host,
    "icon": _icon,
    "or": _or,
    "and": _and,
    "contact-card": _contact_card,
    "place-card": _place_card,
    "fees-card": _fees_card,
    "download-card": _download,
    "picture-card": _picture,
}
