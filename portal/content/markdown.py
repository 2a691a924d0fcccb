"""Markdown with a few blocks that editors can remember becomes clean HTML with places for dated values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from html import escape, unescape
from typing import Any

import msgspec
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin

from portal.content.problems import ProblemKind
from portal.messages import N_

# Raised whenever the same Markdown gives other HTML, so that compiled bodies are made anew.
RENDERER_VERSION = 10

NOTES = ("info", "warning", "scam")
CARDS = ("contact", "place", "fees", "download", "picture")
INLINE = ("fee", "law", "contact", "place", "money", "term", "or", "and")
EMBED = re.compile(r"\{\{\s*([a-z]+)(?::\s*([^{}|]{1,120}?))?\s*\}\}")
PLACE_HOLDER = re.compile(r"\ue000(\d+)\ue001|/embed-(\d+)-embed/")
ANCHOR = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
ALLOWED_TAGS = frozenset(
    re.findall(
        r"\w+",
        "a abbr b blockquote br code dd del div dl dt em h2 h3 h4 hr img ins li ol p pre section span strong sub sup"
        " table tbody td th thead tr ul",
    )
)
ALLOWED_ATTRIBUTES = {
    "a": {"href", "hreflang", "lang"},
    "abbr": {"title"},
    "div": {"class", "lang", "tabindex"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "alt", "width", "height"},
    "li": {"class"},
    "ol": {"class", "start"},
    "p": {"class"},
    "span": {"class", "lang"},
    "td": {"class"},
    "th": {"class", "scope"},
    "ul": {"class"},
}


TYPED_ADDRESS = ProblemKind(
    "markdown",
    "link '%(what)s' names an address; write the page instead, such as faq/paspor-hilang",
    N_("The link “%(what)s” is an address. Write the page’s name, such as faq/name."),
)
PICTURE_WITHOUT_WORDS = ProblemKind(
    "markdown",
    "picture '%(what)s' has no words for those who cannot see it; write ![words](%(what)s)",
    N_("Say what the picture “%(what)s” shows, for people who cannot see it."),
)
PICTURE_ELSEWHERE = ProblemKind(
    "markdown",
    "picture '%(what)s' is not in media/; upload it there",
    N_("The picture “%(what)s” is not among the uploaded files."),
)
UNKNOWN_BLOCK = ProblemKind(
    "markdown",
    "block ':::%(what)s' is not known; allowed: %(allowed)s",
    N_("There is no block “%(what)s”. Use the buttons above the text: %(allowed)s."),
)
UNKNOWN_EMBED = ProblemKind(
    "markdown",
    "'{{ %(what)s }}' is not known; allowed: %(allowed)s",
    N_("“%(what)s” cannot be inserted. Use the buttons above the text."),
)
HEADING_LEVEL = ProblemKind(
    "markdown",
    "heading '%(what)s' is h%(depth)s after h%(level)s; begin with ## and go down by one",
    N_("The heading “%(what)s” skips a level. Begin with ## and go down by one."),
)
HEADING_ID = ProblemKind(
    "markdown",
    "heading '%(what)s' has the id '%(id)s', which is used twice or not a-z, 0-9, -",
    N_("The heading “%(what)s” has an id that is used twice or has other signs than a-z, 0-9 and -."),
)
# The kinds by the name under which a compiled body keeps them.
MARKDOWN_PROBLEMS = {
    "typed-address": TYPED_ADDRESS,
    "picture-without-words": PICTURE_WITHOUT_WORDS,
    "picture-elsewhere": PICTURE_ELSEWHERE,
    "unknown-block": UNKNOWN_BLOCK,
    "unknown-embed": UNKNOWN_EMBED,
    "heading-level": HEADING_LEVEL,
    "heading-id": HEADING_ID,
}
_NAMES = {kind: name for name, kind in MARKDOWN_PROBLEMS.items()}


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


@dataclass
class _Making:
    """What is gathered while one text is rendered."""

    embeds: list[Embed] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def report(self, kind: ProblemKind, **params: str) -> None:
        self.faults.append(Fault(_NAMES[kind], params))

    def hold(self, kind: str, id_: str = "") -> int:
        self.embeds.append(Embed(kind, id_.strip()))
        return len(self.embeds) - 1


class _Renderer(RendererHTML):
    """HTML for the tokens whose meaning is ours: images without a source of ours, links, table heads."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        href = str(tokens[idx].attrGet("href") or "")
        making: _Making = env["making"]
        if not re.match(r"^(https?:|mailto:|tel:|#|/)", href):
            making.links.append(href)
            tokens[idx].attrSet("href", f"/embed-{making.hold('href', href)}-embed/")
        elif href.startswith("/"):
            making.report(TYPED_ADDRESS, what=href)
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token, making = tokens[idx], env["making"]
        source = str(token.attrGet("src") or "")
        if not token.content.strip():
            making.report(PICTURE_WITHOUT_WORDS, what=source)
        if not source.startswith("media/"):
            making.report(PICTURE_ELSEWHERE, what=source)
            return ""
        making.links.append(source)
        token.attrSet("src", f"/{source}")
        return str(super().image(tokens, idx, options, env))

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        tokens[idx].attrs = {**_alignment(tokens[idx]), "scope": "col"}
        return self.renderToken(tokens, idx, options, env)

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        tokens[idx].attrs = _alignment(tokens[idx])
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        # A table that scrolls inside its box must be reached by keyboard.
        return '<div class="table-box" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"


def _alignment(token: Token) -> dict[str, str | int | float]:
    return {"class": "number"} if "right" in str(token.attrs.get("style", "")) else {}


def _container(name: str, render: Callable[[str, _Making], str]) -> Callable[..., str]:
    def rendered(self: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if tokens[idx].nesting == -1:
            return "</div>\n"
        return render(tokens[idx].info.strip()[len(name) :].strip(), env["making"])

    return rendered


def _note(name: str) -> Callable[[str, _Making], str]:
    def render(title: str, making: _Making) -> str:
        icon = f"\ue000{making.hold('icon', name)}\ue001"
        return f'<div class="note note-{name}">{icon}<p class="note-title">{escape(title)}</p>\n'

    return render


def _card(name: str) -> Callable[[str, _Making], str]:
    def render(argument: str, making: _Making) -> str:
        return f'<div class="embed">\ue000{making.hold(name + "-card", argument)}\ue001'

    return render


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}, renderer_cls=_Renderer)
    parser.enable("table")
    parser.use(attrs_plugin, spans=False, allowed=["id"]).use(attrs_block_plugin, allowed=["id"])
    for name in ("steps", "checklist"):
        parser.use(container_plugin, name, render=_container(name, lambda _t, _m, n=name: f'<div class="{n}">\n'))  # type: ignore[misc]
    for name in NOTES:
        parser.use(container_plugin, name, render=_container(name, _note(name)))
    for name in CARDS:
        parser.use(container_plugin, name, render=_container(name, _card(name)))
    return parser


_PARSER = _parser()
_HEADING_ID = re.compile(r"\s*\{#([^}]*)\}\s*$")


def compile_body(markdown: str, *, words: dict[str, Any] | None = None) -> Body:
    """Render a text once for all moments; `words` are front-matter values, of which `box` holds inline Markdown.

    Faults (a heading out of order, an unknown block, an address typed by hand) are kept in `faults`.
    """
    making = _Making()
    tokens = _PARSER.parse(_held_embeds(markdown, making), {"making": making})
    anchors = _anchor_headings(tokens, making)
    parts = [
        Part(id_, _inline_html(heading), _segments(_rendered(chunk, making), making.embeds))
        for id_, heading, chunk in _split(tokens)
    ]
    inline = {
        key: _segments(_inline_rendered(text, making), making.embeds)
        for key, text in ((words or {}).get("box") or {}).items()
    }
    paragraphs = _paragraphs(markdown, words or {})
    return Body(
        parts=tuple(part for part in parts if part.id or part.segments),
        text=_plain(parts),
        translatable=_digest(paragraphs),
        paragraphs=paragraphs,
        links=tuple(making.links),
        embeds=tuple(embed for embed in making.embeds if embed.kind not in ("href", "icon")),
        anchors=tuple(anchors),
        faults=tuple(making.faults),
        inline=inline,
    )


def _held_embeds(markdown: str, making: _Making) -> str:
    for line in markdown.split("\n"):
        opened = re.match(r"^:::+\s*([a-z-]+)", line)
        if opened and opened[1] not in ("steps", "checklist", *NOTES, *CARDS):
            making.report(UNKNOWN_BLOCK, what=opened[1], allowed=f"steps, checklist, {', '.join(NOTES + CARDS)}")

    def held(match: re.Match[str]) -> str:
        kind, id_ = match[1], match[2] or ""
        if kind not in INLINE:
            making.report(UNKNOWN_EMBED, what=kind, allowed=", ".join(INLINE))
            return match[0]
        return f"\ue000{making.hold(kind, id_)}\ue001"

    return EMBED.sub(held, markdown.replace("\ue000", "").replace("\ue001", ""))


def _anchor_headings(tokens: list[Token], making: _Making) -> list[str]:
    anchors: list[str] = []
    level = 1
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        inline = tokens[index + 1]
        named = _HEADING_ID.search(inline.content)
        id_ = named[1] if named else str(token.attrs.get("id") or _slug(inline.content))
        if named and inline.children and inline.children[-1].type == "text":
            inline.children[-1].content = _HEADING_ID.sub("", inline.children[-1].content)
        inline.content = _HEADING_ID.sub("", inline.content)
        depth = int(token.tag[1])
        if depth == 1 or depth > level + 1:
            making.report(HEADING_LEVEL, what=inline.content, depth=str(depth), level=str(level))
        if id_ in anchors or not ANCHOR.match(id_):
            making.report(HEADING_ID, what=inline.content, id=id_)
        level = depth
        anchors.append(id_)
        token.attrs = {"id": id_}
    return anchors


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "bagian"


def _split(tokens: list[Token]) -> list[tuple[str, Token | None, list[Token]]]:
    parts: list[tuple[str, Token | None, list[Token]]] = [("", None, [])]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
            parts.append((str(token.attrs["id"]), tokens[index + 1], []))
            index += 3
            continue
        parts[-1][2].append(token)
        index += 1
    return parts


def _inline_html(token: Token | None) -> str:
    return "" if token is None else escape(_HEADING_ID.sub("", PLACE_HOLDER.sub("", token.content)).replace("*", ""))


def _rendered(tokens: list[Token], making: _Making) -> str:
    return _cleaned(_PARSER.renderer.render(tokens, _PARSER.options, {"making": making}))


def _inline_rendered(text: str, making: _Making) -> str:
    env = {"making": making}
    tokens = _PARSER.parseInline(_held_embeds(str(text), making), env)
    return _cleaned(_PARSER.renderer.render(tokens, _PARSER.options, env))


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel=None,
    )


def _segments(html: str, embeds: list[Embed]) -> tuple[Segment, ...]:
    out: list[Segment] = []
    position = 0
    for match in PLACE_HOLDER.finditer(html):
        if match.start() > position:
            out.append(html[position : match.start()])
        number = int(match[1] or match[2])
        if number < len(embeds):
            out.append(embeds[number])
        position = match.end()
    if html[position:].strip():
        out.append(html[position:])
    return tuple(out)


def _plain(parts: list[Part]) -> str:
    """The text without markup, one block a line."""
    pieces: list[str] = []
    for part in parts:
        html = "".join(segment if isinstance(segment, str) else " " for segment in part.segments)
        pieces += [part.heading, *re.split(r"</(?:p|li|h\d|td|th|dd|dt|tr)>|<br>", html)]
    lines = (re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", piece))).strip() for piece in pieces)
    return "\n".join(line for line in lines if line)


def _paragraphs(markdown: str, words: dict[str, Any]) -> tuple[str, ...]:
    """The translatable pieces in order; values that both languages share stand in them only by their ids."""
    pieces = [str(words.get("title", "")), str(words.get("summary", ""))]
    pieces += [f"{key}: {text}" for key, text in (words.get("box") or {}).items()]
    for key, value in words.items():
        if key in ("title", "summary", "box", "keywords", "changes", "translates") or not value:
            continue
        pieces.append(f"{key}: {msgspec.json.encode(value).decode()}")
    pieces += re.split(r"\n\s*\n", markdown.strip())
    return tuple(re.sub(r"\s+", " ", piece).strip() for piece in pieces if piece.strip())


def _digest(paragraphs: Sequence[str]) -> str:
    return blake2b("\x1f".join(paragraphs).encode(), digest_size=8).hexdigest()
