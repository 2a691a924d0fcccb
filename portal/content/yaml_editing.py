"""Facts are edited in their own text: order, comments and quotes stay, and nothing invalid comes out."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import TypeVar
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from portal.content.document import LocalText
from portal.content.parsing import typed, yaml_of

T = TypeVar("T")
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class PlainScalar(str):
    """A date or time as the text writes it."""


def rewritten(text: str, type_: type[T], edit: Callable[[CommentedMap, T], None], *, zone: ZoneInfo, path: str) -> str:
    """The text after `edit(plain values, typed facts)`; raises ContentError when it is invalid before or after."""
    facts = typed(yaml_of(text, path), type_, path=path, zone=zone)
    plain = loaded_mapping(text)
    edit(plain, facts)
    edited = yaml_text(plain)
    typed(yaml_of(edited, path), type_, path=path, zone=zone)
    return edited


def loaded(text: str) -> object:
    """The plain values with everything by which they are written again as they were; raises YAMLError."""
    return _yaml().load(text)


def loaded_mapping(text: str) -> CommentedMap:
    """The mapping that the text holds, as `loaded` gives it; an empty text is an empty mapping."""
    value = loaded(text)
    if value is None:
        return CommentedMap()
    if not isinstance(value, CommentedMap):
        raise YAMLError("a mapping of keys to values is expected here")
    return value


def yaml_text(value: object) -> str:
    """The value as the project writes YAML."""
    written = StringIO()
    _yaml().dump(value, written)
    return written.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    # Times stay as they are written, without quotes; the loader would turn some of them into objects of its own.
    yaml.constructor.add_constructor(_TIMESTAMP, lambda loader, node: PlainScalar(loader.construct_scalar(node)))
    yaml.representer.add_representer(LocalText, lambda dumper, texts: dumper.represent_dict(dict(texts)))
    yaml.representer.add_representer(PlainScalar, lambda dumper, time: dumper.represent_scalar(_TIMESTAMP, str(time)))
    return yaml
