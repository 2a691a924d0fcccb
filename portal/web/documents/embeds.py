"""The places in a text that are filled when a page is made: amounts, rules, channels, addresses, cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from markupsafe import Markup

from portal.content.document import text_in
from portal.content.markdown import Segment
from portal.content.reference import DatedValue, DatedView, Fee, capitalised
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.state import portal

# Terms are written as they stand inside a sentence; these tell where one begins instead.
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s+|<(?:p|li|td|th|h\d)(?:\s[^<>]*)?>)\s*(?:<(?:strong|em|b)>)?$")
_TERM = re.compile(r"^(<[^>]+>)(.*)$", re.S)


def body_html(segments: Iterable[Segment]) -> Markup:
    """The HTML of a text with every embed filled for this request's language and moment."""
    filled: list[str] = []
    for segment in segments:
        text = _filled(segment)
        if not isinstance(segment, str) and segment.kind == "term" and _begins_sentence(filled):
            text = _TERM.sub(lambda found: found[1] + capitalised(found[2]), text)
        filled.append(text)
    return Markup("".join(filled))  # noqa: S704 - cleaned when compiled


def _begins_sentence(before: list[str]) -> bool:
    return not before or bool(_SENTENCE_START.search(before[-1][-120:]))


inline_html = body_html


def _filled(segment: Segment) -> str:
    if isinstance(segment, str):
        return segment
    return _FILLERS[segment.kind](segment.id)


def _records(name: str) -> Any:
    from portal.web.pages import catalogue

    return catalogue().reference(name)


def text_of(texts: str | Mapping[str, str]) -> str:
    """The text in this request's language, else in the primary one."""
    return text_in(texts, language())


def fee_text(id_: str) -> str:
    """A fee as plain text: the amount that holds today, with what changes around a date."""
    fee = _records("fees").get(id_)
    return "" if fee is None else fee_words(request_clock().view_of(fee.values), language())


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


def _fee(id_: str) -> str:
    return f'<strong class="amount">{escape(fee_text(id_))}</strong>'


def _money(id_: str) -> str:
    return f'<span class="amount">{escape(formatting.money(int(id_), language()))}</span>' if id_.isdecimal() else ""


def _law(id_: str) -> str:
    law = _records("laws").get(id_)
    if law is None:
        return escape(id_)
    label = escape(law.number)
    return f'<a href="{_law_href(id_)}">{label}</a>'


def _law_href(id_: str) -> str:
    return f"/{language()}/laws#{escape(id_)}"


def _contact(id_: str) -> str:
    contact = _records("contacts").get(id_)
    return "" if contact is None else contact_words(contact)


def contact_words(contact: Any) -> str:
    """A channel in a line of HTML: its confirmed value, linked where a phone can follow it, or that it is unknown."""
    current = request_clock().view_of(contact.values).current
    name = escape(text_of(contact.name))
    if current is None or not current.is_known:
        return f"{name} ({escape(_('not yet confirmed by the office'))})"
    value = str(current.value)
    href = _contact_href(contact.kind, value)
    shown = escape(value.removeprefix("https://").rstrip("/"))
    return f'{name}: <a href="{escape(href)}">{shown}</a>' if href else f"{name}: {shown}"


def _contact_href(kind: str, value: str) -> str:
    digits = "".join(character for character in value if character.isdigit() or character == "+")
    if kind == "phone":
        return f"tel:{digits}"
    if kind == "whatsapp":
        return f"https://wa.me/{digits.lstrip('+')}"
    if kind == "email":
        return f"mailto:{value}"
    return value if value.startswith("https://") else ""


def _place(id_: str) -> str:
    place = _records("places").get(id_)
    return "" if place is None else escape(text_of(place.name))


def _term(id_: str) -> str:
    term = _records("glossary").get(id_)
    if term is None:
        return escape(id_)
    return f'<a class="term" href="/{language()}/glossary#{escape(id_)}">{escape(text_of(term.term))}</a>'


def _href(key: str) -> str:
    path, _hash, anchor = key.partition("#")
    kind, _slash, slug = path.partition("/")
    known = portal().types.get(kind)
    if kind == "pages":
        path = slug
    if anchor and known and known.has_parts:
        return escape(f"/{language()}/{path}/{anchor}")
    return escape(f"/{language()}/{path}" + (f"#{anchor}" if anchor else ""))


def _macro(template: str, macro: str, *arguments: Any) -> str:
    from portal.web.pages import environment

    module = environment(language()).get_template(template).module
    return str(getattr(module, macro)(*arguments))


def _icon(name: str) -> str:
    return _macro("components/icon.html", "icon", {"scam": "shield"}.get(name, name))


def _contact_card(id_: str) -> str:
    contact = _records("contacts").get(id_)
    return "" if contact is None else f'<p class="card">{contact_words(contact)}</p>'


def _place_card(id_: str) -> str:
    place = _records("places").get(id_)
    if place is None:
        return ""
    address = escape(text_of(place.address)) if place.address else escape(_("Address not yet confirmed"))
    return f'<p class="card"><b>{escape(text_of(place.name))}</b><br>{address}</p>'


def _fees_card(ids: str) -> str:
    fees = _records("fees")
    rows = "".join(_fee_row(fees[id_]) for id_ in ids.split() if id_ in fees)
    head = f'<tr><th scope="col">{escape(_("What"))}</th><th scope="col" class="number">{escape(_("Fee"))}</th></tr>'
    return f'<div class="table-box" tabindex="0"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _fee_row(fee: Fee) -> str:
    view = request_clock().view_of(fee.values)
    lines = [fee_words(view, language())]
    small = escape(text_of(fee.unit)) if fee.unit else ""
    if view.current and view.current.valid_from and not view.recent and not view.upcoming:
        since = _("since %(day)s", day=formatting.short_day(view.current.valid_from, language()))
        small = f"{small}{', ' if small else ''}{escape(since)}"
    name = escape(text_of(fee.name)) + (f"<br><small>{small}</small>" if small else "")
    return f'<tr><th scope="row">{name}</th><td class="number">{escape(lines[0])}</td></tr>'


def _download(argument: str) -> str:
    path, _space, label = argument.partition(" ")
    return f'<p><a href="/media/{escape(path)}">{escape(label or path)}</a></p>'


def _picture(argument: str) -> str:
    """A picture in the size that fits the screen; the words after its id stand under it."""
    id_, _space, caption = argument.partition(" ")
    record = _records("media").get(id_)
    return "" if record is None else _macro("components/picture.html", "picture", id_, record, caption)


def _joining(word: str) -> Callable[[str], str]:
    return lambda _id: f'<span class="joining">{escape(_("or") if word == "or" else _("and"))}</span>'


_FILLERS: dict[str, Callable[[str], str]] = {
    "fee": _fee,
    "money": _money,
    "law": _law,
    "contact": _contact,
    "place": _place,
    "term": _term,
    "href": _href,
    "icon": _icon,
    "or": _joining("or"),
    "and": _joining("and"),
    "contact-card": _contact_card,
    "place-card": _place_card,
    "fees-card": _fees_card,
    "download-card": _download,
    "picture-card": _picture,
}
