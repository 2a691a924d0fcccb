"""The asserting test client: every HTML answer in every test is held to what a good page needs."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-errormessage")


# What differs from one answer to the next in the same form: stamps, tokens. Only letters that cannot be markup.
HIDDEN_VALUE = re.compile(r'(<input type="hidden" name="[\w.-]+" value=")[\w.=-]*(?=")')


class CheckedClient(FlaskClient):
    """A Flask client that refuses to hand a defective HTML page to a test."""

    # Digests of the pages in which nothing was found: reading one strictly costs more than making it.
    sound: ClassVar[set[bytes]] = set()

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; an HTML answer with a defect is an AssertionError that lists them all."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            self._hold_to_rules(response.get_data(as_text=True), response.request.path)
        return response

    def _hold_to_rules(self, html: str, path: str) -> None:
        # Of the path, defects() looks at the language alone.
        key = path[:4] + HIDDEN_VALUE.sub(r"\1", html)
        digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass")).digest()
        if digest not in self.sound:
            result = defects(html, path=path)
            assert not result, f"{path}: " + "; ".join(result)
            self.sound.add(digest)


def defects(html: str, *, path: str = "") -> list[str]:
    """Give what is wrong with a page, one sentence each; `path` tells the language it must be in."""
    try:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    except html5lib.html5parser.ParseError as error:
        return [f"not valid HTML: {error}"]
    elements = list(tree.iter())
    return [
        *_head_defects(tree, path=path),
        *_id_defects(elements),
        *_field_defects(tree, elements),
        *_heading_defects(elements),
        *_inline_defects(elements),
        *(f"an image without alt: {one.get('src')}" for one in tree.iter("img") if one.get("alt") is None),
    ]


def text_of(element: Element) -> str:
    """Give the words of an element with single spaces, without what only machines read."""
    return " ".join(" ".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "template"):
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _plain(element: Element) -> str:
    return re.sub(r"\s+", "", text_of(element))


def _without_error(title: str) -> str:
    # The title of a form with errors begins with the word for it, which the h1 does not repeat.
    return re.sub(r"^(Galat|Error):", "", title)


def _head_defects(tree: Element, *, path: str) -> Iterator[str]:
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements, wanted one"
    titles = list(tree.iter("title"))
    # Titles inside SVG name pictures; the page's own is the first.
    if not titles or not text_of(titles[0]):
        yield "no title"
    elif headings and not _without_error(_plain(titles[0])).startswith(_plain(headings[0])):
        yield f"the title '{text_of(titles[0])}' does not begin with the h1 '{text_of(headings[0])}'"
    if len(list(tree.iter("main"))) != 1:
        yield "not exactly one main element"
    language = tree.get("lang", "")
    wanted = re.match(r"/([a-z]{2})(/|$)", path)
    if not language or (wanted and language != wanted[1]):
        yield f"lang is '{language}', wanted '{wanted[1] if wanted else 'a language'}'"


def _id_defects(elements: list[Element]) -> Iterator[str]:
    ids = Counter(id_ for one in elements if (id_ := one.get("id")) is not None)
    for id_, times in ids.items():
        if times > 1 or not id_ or " " in id_:
            yield f"id '{id_}' stands {times} times or is no id"
    for one in elements:
        for name in REFERENCES:
            for id_ in one.get(name, "").split():
                if id_ not in ids:
                    yield f"{one.tag} {name} points to the missing id '{id_}'"
        href = one.get("href", "")
        if one.tag == "a" and len(href) > 1 and href.startswith("#") and href[1:] not in ids:
            yield f"a link to the missing anchor {href}"


def _field_defects(tree: Element, elements: list[Element]) -> Iterator[str]:
    labelled = {one.get("for") for one in tree.iter("label")}
    wrapped = {id(field) for label in tree.iter("label") for field in label.iter()}
    for one in elements:
        if one.tag not in ("input", "select", "textarea") or one.get("type", "text") in UNLABELLED_TYPES:
            continue
        named = one.get("aria-label") or one.get("aria-labelledby")
        if not named and one.get("id") not in labelled and id(one) not in wrapped:
            yield f"the field '{one.get('name')}' has no label"
    for one in tree.iter("button"):
        if not text_of(one) and not one.get("aria-label"):
            yield "a button without words"
    for one in tree.iter("a"):
        named = one.get("aria-label") or any(image.get("alt") for image in one.iter("img"))
        if one.get("href") and not text_of(one) and not named:
            yield f"a link without words to {one.get('href')}"


def _heading_defects(elements: list[Element]) -> Iterator[str]:
    level = 0
    for one in elements:
        if isinstance(one.tag, str) and re.fullmatch(r"h[1-6]", one.tag):
            result = int(one.tag[1])
            if level and result > level + 1:
                yield f"a heading '{text_of(one)}' jumps from h{level} to h{result}"
            level = result


def _inline_defects(elements: list[Element]) -> Iterator[str]:
    for one in elements:
        for name in one.keys():  # noqa: SIM118  An element is no mapping: it iterates over its children.
            if name == "style" or name.startswith("on"):
                yield f"{one.tag} carries the attribute {name}, which the content security policy refuses"
