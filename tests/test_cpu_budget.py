"""Every parser that a stranger or a translator reaches takes time in proportion to the length of its text."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable

import pytest

from portal.content.checks.prose import AMOUNT, PHONE, SENTENCE_END
from portal.content.markdown.compiler import EMBED, compile_body
from portal.content.parsing import yaml_of
from portal.content.problems import ContentError
from portal.csv_files import guarded
from portal.feedback.redaction import redacted
from portal.media.documents import check_ends
from portal.media.pdf import Unfit, cleaned
from portal.media.sniffing import Refused
from portal.search.engine.analysis.text import words
from portal.web.operations.logs import without_personal_data

# Four times the text may take this many times the CPU time: 4 would be linear, 16 is quadratic.
GROWTH, MOST_GROWTH = 4, 9.0
# Below this many seconds the clock measures noise.
SHORTEST_SECONDS = 0.05

MARKDOWN = {
    "heading ids": "{#a",
    "headings": "## a\n\nb\n\n",
    "spaces": " ",
    "braces": "{{ ",
    "embeds": "{{ fee:a }} ",
    "links": "[a](b) ",
    "open links": "[a](",
    "brackets": "[",
    "pictures": "![",
    "emphasis": "*a_",
    "stars": "*",
    "quotes": "> ",
    "lists": "- a\n",
    "tables": "|a|\n|-|\n|b|\n\n",
    "blocks": ":::info x\ny\n:::\n",
    "open blocks": ":::info x\n",
    "attributes": "a{#b}",
    "backticks": "`a``b",
    "references": "[a]: <",
    "entities": "&#xe000;1",
    "tags": "<a",
    "addresses": "/embed-1-embed/",
    "blank lines": "a\n \n",
}


def _pdf(unit: bytes, length: int) -> None:
    with contextlib.suppress(Refused, Unfit):
        data = b"%PDF-1.7\n" + unit * (length // len(unit)) + b"startxref\n0\n%%EOF\n"
        check_ends(data)
        cleaned(data)


def _yaml(unit: str, length: int) -> None:
    with contextlib.suppress(ContentError):
        yaml_of(unit * (length // len(unit)), "x.yaml")


PARSERS: dict[str, Callable[[int], object]] = {
    **{
        f"markdown: {name}": lambda n, u=unit: compile_body("## " + u * (n // len(u)) + "b")  # type: ignore[misc]
        for name, unit in MARKDOWN.items()
    },
    "embed with blanks": lambda n: EMBED.sub("", "{{fee:" + " " * n + "{"),
    "amounts": lambda n: AMOUNT.findall("1." * (n // 2)),
    "telephones": lambda n: PHONE.findall("08-" * (n // 3)),
    "sentences": lambda n: SENTENCE_END.split(". " * (n // 2)),
    "yaml: list": lambda n: _yaml("- a: [1, 2]\n", n // 4),
    "yaml: brackets": lambda n: _yaml("- '\"\n", n // 4),
    "search: words": lambda n: words("paspor-" * (n // 7)),
    "search: digits": lambda n: words("1.111" * (n // 5)),
    "redaction: digits": lambda n: redacted("0 812 " * (n // 60), region="ID"),
    "redaction: at": lambda n: redacted("a@" * (n // 20), region="ID"),
    "log: a long word": lambda n: without_personal_data("a" * n),
    "log: dots": lambda n: without_personal_data("a@" + "." * n),
    "log: signs": lambda n: without_personal_data("a@" * (n // 2)),
    "log: digits": lambda n: without_personal_data("1" * n + "a"),
    "csv": lambda n: guarded(";\n " * (n // 3)),
    "pdf: streams without an end": lambda n: _pdf(b"stream\n", n * 4),
    "pdf: names": lambda n: _pdf(b"/#4A/", n),
    "pdf: objects": lambda n: _pdf(b"1 0 obj\n<< /A [1 2] >>\nendobj\n", n),
    "pdf: dictionaries": lambda n: _pdf(b"<<", n),
}


def _seconds(parse: Callable[[int], object], length: int) -> float:
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        parse(length)
        return time.process_time() - started
    finally:
        gc.enable()


@pytest.mark.system
@pytest.mark.parametrize("name", PARSERS)
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    parse, length = PARSERS[name], 4000
    parse(100)
    while (longer := _seconds(parse, length * GROWTH)) < SHORTEST_SECONDS and length < 100_000:
        length *= 2
    shorter = min(_seconds(parse, length) for _ in range(2))
    growth = min(longer, _seconds(parse, length * GROWTH)) / max(shorter, SHORTEST_SECONDS / MOST_GROWTH)
    assert growth < MOST_GROWTH, f"{length * GROWTH} characters take {growth:.1f} times as long as {length}"


def test_a_heading_of_many_ids_is_compiled_at_once() -> None:
    # 56 KB of this took 21.9 seconds.
    started = time.process_time()
    compile_body("## " + "{#a" * 14_000)
    compile_body("{{fee:" + " " * 40_000 + "{")
    assert time.process_time() - started < 5
