"""What tests read off a page: its visible words, its elements, its described data."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

from tests.client import text_of


def tree_of(answer: TestResponse) -> Element:
    """The page as elements."""
    element: Element = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    return element


def main_of(answer: TestResponse) -> str:
    """The words of the page's main part."""
    return text_of(next(tree_of(answer).iter("main")))


def links_of(answer: TestResponse) -> list[str]:
    """The addresses to which the main part links."""
    return [link.get("href", "") for link in next(tree_of(answer).iter("main")).iter("a")]


def described(answer: TestResponse, type_: str) -> dict[str, Any]:
    """The node of that type in the page's description for machines; raises LookupError when there is none."""
    for script in tree_of(answer).iter("script"):
        if script.get("type") == "application/ld+json":
            for node in json.loads(script.text or "")["@graph"]:
                if node["@type"] == type_:
                    return dict(node)
    raise LookupError(type_)
