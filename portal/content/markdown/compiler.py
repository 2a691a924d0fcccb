"""Markdown with a few blocks that editors can remember becomes clean HTML with places for dated values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from html import escape, unescape
from itertools import groupby

import msgspec
import nh3
from markdown_it.token import Token

from portal.content.markdown.body import Body, Embed, Part, Segment
from portal.content.markdown.problems import HEADING_ID, HEADING_LEVEL, UNKNOWN_BLOCK, UNKNOWN_EMBED
from portal.content.markdown.renderer import CARDS, NOTES, PARSER, PLACEHOLDER, RenderContext

# Raised whenever the same Markdown gives other HTML, so that compiled bodies are made anew.
RENDERER_VERSION = 12
INLINE = ("fee", "law", "contact", "place", "money", "term", "or", "and", "host")
# The quantifiers are possessive and stop at a brace, so no text is read twice.
EMBED = re.compile(r"\{\{\s*+([a-z]++)(?::([^{}|]{1,120}+))?+\s*+\}\}")
# The name of a government site as it stands in a sentence, outside of addresses and of the words of a link.
HOST = re.compile(r"(?<![\w./@\[{:-])((?:[a-z0-9-]{1,40}\.){1,4}go\.id)(?![\w/-]|\.\w)")
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
# In cleaned HTML every attribute stands in double quotes, and a `<` outside of one begins a tag.
_TAG_OR_PLACEHOLDER = re.compile(rf'(<[^<>"]*+(?:"[^"]*+"[^<>"]*+)*+>)|{PLACEHOLDER.pattern}')
_HREF = re.compile(r'(?<= href=")/embed-(\d{1,6})-embed/(?=")')
_ADDRESS = re.compile(r"/embed-\d++-embed/")


def compile_body(markdown: str, *, words: Mapping[str, object] | None = None) -> Body:
    """Render a text once for all moments; `words` are front-matter values, of which `box` holds inline Markdown.

    Faults (a heading segments of order, an unknown block, an address typed by hand) are kept in `faults`.
    """
    context = RenderContext()
    tokens = PARSER.parse(_with_placeholders(markdown, context), {"context": context})
    anchors = _anchor_headings(tokens, context)
    parts = [
        Part(id_, _inline_html(heading), _segments(_rendered(chunk, context), context.embeds))
        for id_, heading, chunk in _split(tokens)
    ]
    inline = {
        key: _segments(_inline_rendered(text, context), context.embeds) for key, text in _box(words or {}).items()
    }
    paragraphs = _paragraphs(markdown, words or {})
    return Body(
        parts=tuple(part for part in parts if part.id or part.segments),
        text=_plain(parts),
        translatable=_digest(paragraphs),
        paragraphs=paragraphs,
        links=tuple(context.links),
        embeds=tuple(embed for embed in context.embeds if embed.kind not in ("href", "icon")),
        anchors=tuple(anchors),
        faults=tuple(context.faults),
        inline=inline,
    )


def _with_placeholders(markdown: str, context: RenderContext) -> str:
    for line in markdown.split("\n"):
        opened = re.match(r"^:::+\s*([a-z-]+)", line)
        if opened and opened[1] not in ("steps", "checklist", *NOTES, *CARDS):
            context.report(UNKNOWN_BLOCK, what=opened[1], allowed=f"steps, checklist, {', '.join(NOTES + CARDS)}")

    def placeholder(match: re.Match[str]) -> str:
        kind, id_ = match[1], match[2] or ""
        if kind not in INLINE:
            context.report(UNKNOWN_EMBED, what=kind, allowed=", ".join(INLINE))
            return match[0]
        return f"\ue000{context.add_embed(kind, id_)}\ue001"

    def host(match: re.Match[str]) -> str:
        return f"\ue000{context.add_embed('host', match[1])}\ue001"

    return HOST.sub(host, EMBED.sub(placeholder, markdown.replace("\ue000", "").replace("\ue001", "")))


def _anchor_headings(tokens: list[Token], context: RenderContext) -> list[str]:
    anchors: dict[str, None] = {}
    level = 1
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        inline = tokens[index + 1]
        heading, named = _without_id(inline.content)
        id_ = str(token.attrs.get("id") or _slug(inline.content)) if named is None else named
        id_ = PLACEHOLDER.sub("", id_)
        if named is not None and inline.children and inline.children[-1].type == "text":
            inline.children[-1].content = _without_id(inline.children[-1].content)[0]
        inline.content = heading
        depth = int(token.tag[1])
        if depth == 1 or depth > level + 1:
            context.report(HEADING_LEVEL, what=inline.content, depth=str(depth), level=str(level))
        if id_ in anchors or not ANCHOR.match(id_):
            context.report(HEADING_ID, what=inline.content, id=id_)
        level = depth
        anchors[id_] = None
        token.attrs = {"id": id_}
    return list(anchors)


def _without_id(heading: str) -> tuple[str, str | None]:
    """A heading without the `{#id}` at its end, and that id; None when it has none. Linear in its length."""
    trimmed = heading.rstrip()
    if trimmed.endswith("}"):
        start = trimmed.find("{#", trimmed.rfind("}", 0, -1) + 1)
        if start >= 0:
            return trimmed[:start].rstrip(), trimmed[start + 2 : -1]
    return heading, None


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
    return "" if token is None else escape(_without_id(PLACEHOLDER.sub("", token.content))[0].replace("*", ""))


def _rendered(tokens: list[Token], context: RenderContext) -> str:
    return _cleaned(PARSER.renderer.render(tokens, PARSER.options, {"context": context}))


def _inline_rendered(text: str, context: RenderContext) -> str:
    env = {"context": context}
    tokens = PARSER.parseInline(_with_placeholders(str(text), context), env)
    return _cleaned(PARSER.renderer.render(tokens, PARSER.options, env))


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel=None,
    )


def _segments(html: str, embeds: list[Embed]) -> tuple[Segment, ...]:
    """The cleaned HTML split at its placeholders.

    An embed is HTML, so it may stand between tags alone; inside a tag only the address of a link is filled, and every
    other placeholder there, such as in the words of a picture, is taken away.
    """
    pieces: list[Segment] = []
    position = 0
    for match in _TAG_OR_PLACEHOLDER.finditer(html):
        tag, number = match[1], match[2]
        if tag is not None and "\ue000" not in tag and "/embed-" not in tag:
            continue
        pieces.append(html[position : match.start()])
        pieces += _tag_pieces(tag, embeds) if tag is not None else _embed_at(number, embeds, is_address=False)
        position = match.end()
    if html[position:].strip():
        pieces.append(html[position:])
    return tuple(_joined(pieces))


def _tag_pieces(tag: str, embeds: list[Embed]) -> list[Segment]:
    """A tag split at the address that its link takes from an embed."""
    address = _HREF.search(tag)
    if address is None:
        return [_without_placeholders(tag)]
    before, after = tag[: address.start()], tag[address.end() :]
    embed = _embed_at(address[1], embeds, is_address=True)
    return [_without_placeholders(before), *embed, _without_placeholders(after)]


def _without_placeholders(tag: str) -> str:
    return _ADDRESS.sub("", PLACEHOLDER.sub("", tag))


def _embed_at(number: str, embeds: list[Embed], *, is_address: bool) -> list[Segment]:
    """The embed of that number when it is made for the place where it stands."""
    embed = embeds[int(number)] if int(number) < len(embeds) else None
    return [embed] if embed and (embed.kind == "href") == is_address else []


def _joined(pieces: list[Segment]) -> Iterator[Segment]:
    """The pieces with neighbouring texts as one and without empty ones."""
    for is_text, group in groupby(pieces, lambda piece: isinstance(piece, str)):
        if not is_text:
            yield from group
        elif text := "".join(str(piece) for piece in group):
            yield text


def _plain(parts: list[Part]) -> str:
    """The text without markup, one block a line."""
    pieces: list[str] = []
    for part in parts:
        html = "".join(segment if isinstance(segment, str) else _plain_embed(segment) for segment in part.segments)
        pieces += [part.heading, *re.split(r"</(?:p|li|h\d|td|th|dd|dt|tr)>|<br>", html)]
    lines = (re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", piece))).strip() for piece in pieces)
    return "\n".join(line for line in lines if line)


def _plain_embed(embed: Embed) -> str:
    return embed.id if embed.kind == "host" else " "


def _box(words: Mapping[str, object]) -> dict[str, str]:
    box = words.get("box")
    return {str(key): str(text) for key, text in box.items()} if isinstance(box, Mapping) else {}


def _paragraphs(markdown: str, words: Mapping[str, object]) -> tuple[str, ...]:
    """The translatable pieces in order; values that both languages share stand in them only by their ids."""
    pieces = [str(words.get("title", "")), str(words.get("summary", ""))]
    pieces += [f"{key}: {text}" for key, text in _box(words).items()]
    for key, value in words.items():
        if key in ("title", "summary", "box", "keywords", "changes", "translates") or not value:
            continue
        pieces.append(f"{key}: {msgspec.json.encode(value).decode()}")
    pieces += re.split(r"\n\s*\n", markdown.strip())
    return tuple(re.sub(r"\s+", " ", piece).strip() for piece in pieces if piece.strip())


def _digest(paragraphs: Sequence[str]) -> str:
    return blake2b("\x1f".join(paragraphs).encode(), digest_size=8).hexdigest()
