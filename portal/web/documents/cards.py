"""A card that one feature shows on a page of another: a template of its own with its styles and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from markupsafe import Markup

from portal.web.languages import language
from portal.web.pages import environment, page_context

Where = Literal["top", "main", "aside"]


@dataclass(frozen=True)
class Card:
    """A template and its variables, which it finds under `card`; `where` is its spot on the page.

    On the home page `top` overlaps the panel, `main` is the wide and `aside` the narrow half. `sheets` and `scripts`
    are the styles and scripts that the page must then include.
    """

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    where: Where = "main"
    sheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()

    def __html__(self) -> Markup:
        template = environment(language()).get_template(self.template)
        return Markup(template.render({**page_context(), "card": self.context}))  # noqa: S704 - the environment escapes


@dataclass(frozen=True)
class StaffRow:
    """One row of a card on the first page of the desk."""

    label: str
    href: str | None
    detail: str = ""


def staff_list(id_: str, title: str, rows: Sequence[StaffRow], *, count: int = 0, all_: str = "") -> Card | None:
    """A card of the first page of the desk, None without rows; `all_` leads to all `count` of them."""
    if not rows:
        return None
    return Card("staff_card.html", {"id": id_, "title": title, "rows": rows, "all": all_, "count": count})


class CardAssets(TypedDict):
    """Variables of a page that shows cards."""

    card_sheets: list[str]
    card_scripts: list[str]


def card_assets(cards: Iterable[Card]) -> CardAssets:
    """The sheets and scripts of these cards, each once: variables `card_sheets` and `card_scripts` of the page."""
    shown = list(cards)
    return {
        "card_sheets": list(dict.fromkeys(name for card in shown for name in card.sheets)),
        "card_scripts": list(dict.fromkeys(name for card in shown for name in card.scripts)),
    }
