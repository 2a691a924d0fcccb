"""The Markdown parser with the blocks and embeds of editors, and what is gathered while it renders."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin

from portal.content.markdown.body import Embed, Fault
from portal.content.markdown.problems import PICTURE_ELSEWHERE, PICTURE_WITHOUT_WORDS, PROBLEM_NAMES, TYPED_ADDRESS
from portal.content.problems import ProblemKind

NOTES = ("info", "warning", "scam")
# The place of an embed between the tags of a text, by the embed's number.
PLACEHOLDER = re.compile(r"\ue000(\d{1,6}+)\ue001")
CARDS = ("contact", "place", "fees", "download", "picture")


@dataclass
class RenderContext:
    """What is gathered while one text is rendered."""

    embeds: list[Embed] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def report(self, kind: ProblemKind, **params: str) -> None:
        self.faults.append(Fault(PROBLEM_NAMES[kind], params))

    def add_embed(self, kind: str, id_: str = "") -> int:
        self.embeds.append(Embed(kind, id_.strip()))
        return len(self.embeds) - 1


class _Renderer(RendererHTML):
    """HTML for the tokens whose meaning is ours: images without a source of ours, links, table heads."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        href = str(tokens[idx].attrGet("href") or "")
        context: RenderContext = env["context"]
        if not re.match(r"^(https?:|mailto:|tel:|#|/)", href):
            context.links.append(href)
            tokens[idx].attrSet("href", f"/embed-{context.add_embed('href', href)}-embed/")
        elif href.startswith("/"):
            context.report(TYPED_ADDRESS, what=href)
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, context = tokens[idx], env["context"]
        source = str(token.attrGet("src") or "")
        if not PLACEHOLDER.sub("", token.content).strip():
            context.report(PICTURE_WITHOUT_WORDS, what=source)
        if not source.startswith("media/"):
            context.report(PICTURE_ELSEWHERE, what=source)
            return ""
        context.links.append(source)
        token.attrSet("src", f"/{source}")
        return str(super().image(tokens, idx, options, env))

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tokens[idx].attrs = {**_alignment(tokens[idx]), "scope": "col"}
        return self.renderToken(tokens, idx, options, env)

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tokens[idx].attrs = _alignment(tokens[idx])
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # A table that scrolls inside its box must be reached by keyboard.
        return '<div class="table-box" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"


def _alignment(token: Token) -> dict[str, str | int | float]:
    return {"class": "number"} if "right" in str(token.attrs.get("style", "")) else {}


def _container(name: str, render: Callable[[str, RenderContext], str]) -> Callable[..., str]:
    def rendered(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if tokens[idx].nesting == -1:
            return "</div>\n"
        return render(tokens[idx].info.strip()[len(name) :].strip(), env["context"])

    return rendered


def _note(name: str) -> Callable[[str, RenderContext], str]:
    def render(title: str, context: RenderContext) -> str:
        icon = f"\ue000{context.add_embed('icon', name)}\ue001"
        return f'<div class="note note-{name}">{icon}<p class="note-title">{escape(title)}</p>\n'

    return render


def _card(name: str) -> Callable[[str, RenderContext], str]:
    def render(argument: str, context: RenderContext) -> str:
        return f'<div class="embed">\ue000{context.add_embed(name + "-card", argument)}\ue001'

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


PARSER = _parser()
