"""What a text is compiled to: parts of HTML segments and embeds, its plain text, and what it refers to."""

from __future__ import annotations

from html import escape

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in a text: the name of one of MARKDOWN_PROBLEMS, and the values that its sentences name."""

    name: str
    params: dict[str, str]


class Embed(msgspec.Struct, frozen=True, tag=True):
    """A place in the HTML that is filled when a page is made: a dated value, a card or an address."""

    kind: str
    id: str = ""


Segment = str | Embed


class Part(msgspec.Struct, frozen=True):
    """What stands under one second-level heading; the part before the first heading has no id."""

    id: str
    heading: str
    segments: tuple[Segment, ...]


class Body(msgspec.Struct, frozen=True):
    """A rendered text: its parts, its plain text, and what it refers to."""

    parts: tuple[Part, ...] = ()
    text: str = ""
    translatable: str = ""
    paragraphs: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    embeds: tuple[Embed, ...] = ()
    anchors: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    inline: dict[str, tuple[Segment, ...]] = {}

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The whole text with its headings, for pages that show every part at once."""
        out: list[Segment] = []
        for part in self.parts:
            if part.heading:
                out.append(f'<h2 id="{escape(part.id)}">{part.heading}</h2>\n')
            out.extend(part.segments)
        return tuple(out)
