"""The form of one page: the texts of its files as fields, and the fields put back into the texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from portal.content.document import PRIMARY_LANGUAGE, DocumentType
from portal.content.markdown.compiler import compile_body
from portal.content.parsing import FENCE, MAXIMUM_BYTES, split_front_matter, yaml_of
from portal.content.problems import ContentError
from portal.content.yaml_editing import loaded, yaml_text
from portal.content_forms import schema
from portal.content_forms.binding import Field, Submitted, bind, write_values
from portal.content_forms.widgets import YES

FACTS_FILE = "facts.yaml"
STAMP, TRANSLATES, BODY = "stamp", "translates", "body"


@dataclass(frozen=True)
class DocumentForm:
    """The fields of a kind in the languages of the site."""

    type_: DocumentType
    languages: tuple[str, ...]
    zone: ZoneInfo

    def facts(self, files: Mapping[str, str]) -> tuple[Field, ...]:
        """The fields of the facts, with the values of these texts."""
        parts = schema.facts_parts(self.type_, self.languages)
        return bind(parts, mapping_of(files.get(FACTS_FILE, "")), name=schema.FACTS, zone=self.zone)

    def words(self, files: Mapping[str, str], language: str) -> tuple[Field, ...]:
        """The fields of the words in one language."""
        front, body = split_words_file(files.get(f"{language}.md", ""))
        values = {**mapping_of(front), BODY: body.strip("\n")}
        return bind(schema.words_parts(self.type_), values, name=language, zone=self.zone)

    def put(self, files: Mapping[str, str], sent: Submitted) -> dict[str, str]:
        """The texts after what was sent; a file in which nothing changed stays as it is, byte by byte."""
        fresh = dict(files)
        _keep(fresh, FACTS_FILE, self._facts_after(files.get(FACTS_FILE, ""), sent))
        for language in self.languages:
            _keep(fresh, f"{language}.md", self._words_after(files.get(f"{language}.md", ""), sent, language))
        for language in self.languages:
            name = f"{language}.md"
            if language != PRIMARY_LANGUAGE and name in fresh and YES in sent.get(f"{language}.{STAMP}", ()):
                fresh[name] = stamp_translation(fresh[name], fresh.get(f"{PRIMARY_LANGUAGE}.md", ""))
        return fresh

    def _facts_after(self, text: str, sent: Submitted) -> str:
        values = mapping_or_none(text)
        if values is None:
            return text
        before = yaml_text(values)
        write_values(schema.facts_parts(self.type_, self.languages), values, sent, name=schema.FACTS, zone=self.zone)
        after = yaml_text(values)
        return text if after == before else after

    def _words_after(self, text: str, sent: Submitted, language: str) -> str:
        front, body = split_words_file(text)
        values = mapping_or_none(front)
        if values is None:
            return text
        before, old_body = yaml_text(values), body.strip("\n")
        parts = schema.words_parts(self.type_)
        write_values([part for part in parts if part.key != BODY], values, sent, name=language, zone=self.zone)
        below: dict[str, object] = {BODY: old_body}
        write_values([part for part in parts if part.key == BODY], below, sent, name=language, zone=self.zone)
        after, new_body = yaml_text(values), str(below.get(BODY, ""))
        if after == before and new_body == old_body:
            return text
        if not (set(values) - {TRANSLATES}) and not new_body and language != PRIMARY_LANGUAGE:
            return ""
        return join_words_file(front if after == before else after, body if new_body == old_body else new_body)


def mapping_of(text: str) -> CommentedMap:
    """The values with everything by which they are written again as they were; nothing where they cannot be read."""
    return mapping_or_none(text) or CommentedMap()


def mapping_or_none(text: str) -> CommentedMap | None:
    """The same, or None for a text that cannot be read: nothing may be written in its place."""
    if not text.strip():
        return CommentedMap()
    try:
        values = loaded(text)
    except (YAMLError, RecursionError):
        values = _as_the_site_reads(text)
    return values if isinstance(values, CommentedMap) else None


def _as_the_site_reads(text: str) -> CommentedMap | None:
    # Such as a key that stands twice: the site takes the last one, and so does the form.
    try:
        values = yaml_of(text, "")
    except (ContentError, RecursionError):
        return None
    return CommentedMap(values) if isinstance(values, dict) else None


def split_words_file(text: str) -> tuple[str, str]:
    """Front matter and Markdown of a file of words."""
    if not text.startswith(FENCE + "\n"):
        return "", text
    head, fence, body = text[len(FENCE) + 1 :].partition(f"\n{FENCE}\n")
    if not fence:
        return text[len(FENCE) + 1 :].rstrip().removesuffix(FENCE), ""
    return head + "\n", body


def join_words_file(front: str, body: str) -> str:
    """A file of words from its front matter and its Markdown."""
    head = front if front.strip() not in ("", "{}") else "title: ''\n"
    tail = body if not body or body.endswith("\n") else body + "\n"
    return f"{FENCE}\n{head}{FENCE}\n{tail}"


def translatable_digest(text: str) -> str:
    """The digest of everything in a file of words that has to be translated; nothing where it cannot be read."""
    if len(text) > MAXIMUM_BYTES:
        return ""
    try:
        front, body = split_front_matter(text, "words")
    except ContentError:
        return ""
    return compile_body(body, words=front if isinstance(front, dict) else {}).translatable


def stamp_translation(text: str, primary: str) -> str:
    """The translation's text, saying that it fits today's Indonesian text."""
    front, body = split_words_file(text)
    values, digest = mapping_or_none(front), translatable_digest(primary)
    if values is None or values.get(TRANSLATES) == digest:
        return text
    values[TRANSLATES] = digest
    return join_words_file(yaml_text(values), body)


def _keep(files: dict[str, str], name: str, text: str) -> None:
    if text:
        files[name] = text
    else:
        files.pop(name, None)
