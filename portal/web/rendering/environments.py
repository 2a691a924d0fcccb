"""One template environment per language, with its words folded in when a template is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes, pass_context
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from portal.languages import formatting
from portal.languages.catalogues import one_stop, translations_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class _Folding(NodeTransformer):
    """Replaces `_("constant")` by its translation, as the call itself would give it at every render."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's own naming
        self.generic_visit(node)
        is_plain = isinstance(node.node, nodes.Name) and node.node.name in ("_", "gettext")
        if is_plain and len(node.args) == 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
            argument = node.args[0]
            if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
                # New-style gettext formats even without variables, so a doubled percent sign becomes one.
                folded = nodes.Const(self._translate(argument.value) % {}, lineno=node.lineno)
                return nodes.MarkSafeIfAutoescape(folded, lineno=node.lineno)
        return node


class _SharedGlobals(Template):
    """A template whose macros are imported without comparing globals, which are the same for every template."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class LanguageEnvironment(Environment):
    """A template environment bound to one language."""

    template_class = _SharedGlobals

    def __init__(self, language: str, *, reload: bool, globals_: Mapping[str, Any], folds: bool = True) -> None:
        super().__init__(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            auto_reload=reload,
            cache_size=800,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )
        self.language = language
        translations = translations_of(language)
        self.install_gettext_callables(  # type: ignore[attr-defined]
            translations.gettext, translations.ngettext, newstyle=True, pgettext=translations.pgettext
        )
        for name in ("gettext", "ngettext"):
            self.globals[name] = _with_one_stop(self.globals[name])
        self._folding = _Folding(translations.gettext) if folds else None
        self.globals.update(globals_, language=language)
        self.filters.update(filters_of(language))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return self._folding.visit(tree) if self._folding else tree


def _with_one_stop(filled: Any) -> Callable[..., str]:
    """The function of templates that fills a message, without a second full stop after a value that ends with one."""

    @pass_context
    def once(context: Context, *messages: Any, **variables: Any) -> str:
        text: str = filled(context, *messages, **variables)
        shown = {name: str(Markup.escape(value)) for name, value in variables.items() if isinstance(value, str)}
        # The message is safe already, and so is a part of it.
        return type(text)(one_stop(str(text), shown)) if shown else text

    return once


def filters_of(language: str) -> dict[str, Callable[..., str]]:
    """The formats of that language as template filters."""

    def bound(format_: Callable[..., str]) -> Callable[..., str]:
        return lambda value, *options, **named: format_(value, language, *options, **named)

    names = ("money", "number", "day", "short_day", "month", "weekday", "clock", "day_clock")
    return {name: bound(getattr(formatting, name)) for name in names}
