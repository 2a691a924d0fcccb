"""Every parser that a stranger or a translator reaches, fed with harmful texts: no surprise, time in step with length.

The texts are made of the pieces that the parsers react to, the same in every run: a seed is the name of the parser and
a number. `PORTAL_FULL=1` takes ten times as many.
"""

from __future__ import annotations

import csv
import io
import random
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from portal.content.checks.numbers import numbers_in
from portal.content.markdown.compiler import compile_body
from portal.content.parsing import instant_of, split_front_matter, yaml_of
from portal.content.problems import ContentError, InvalidValue
from portal.csv_files import csv_file, guarded
from portal.events.registrations import attendee
from portal.feedback.redaction import phone_of, redacted
from portal.media.sniffing import Refused, kind_of
from portal.page_cache.negotiation import content_coding, is_not_modified
from portal.search.engine.analysis.text import words
from portal.search.query_counts import redacted as redacted_query
from portal.timetable.calendar_file import Entry, calendar_file
from portal.web.forms.fields import page_number, whole_number
from portal.web.operations.logs import without_personal_data
from tests.conftest import FULL

pytestmark = pytest.mark.system
ROUNDS = 10_000 if FULL else 1000
LONGEST = 3000
# CPU seconds: a floor for what one call costs whatever its text, and what each byte may add.
FLOOR_SECONDS, SECONDS_PER_BYTE = 0.25, 100e-6
PIECES = {
    "markdown": (
        "## ",
        "{#",
        "{{ fee:",
        " }}",
        "::: picture ",
        ":::\n",
        "[",
        "](",
        ")",
        "!",
        "*",
        "_",
        "`",
        "|",
        "|-|\n",
        "> ",
        "- ",
        "<script>",
        "<img onerror=",
        "javascript:",
        "&#x0;",
        "[a]: <",
        "```",
        "\n\n",
        "\\",
        "1. ",
        "---\n",
        "a",
        " ",
        "é",
    ),
    "yaml": (
        "a: ",
        "- ",
        "&a ",
        "*a",
        "!!python/object:os.system ",
        "{",
        "}",
        "[",
        "]",
        "'",
        '"',
        "|\n",
        ">\n",
        "? ",
        "#",
        "\n",
        "  ",
        "<<: ",
        "2026-01-01",
        "0o7",
        "1e9",
        "%YAML",
        "---\n",
        "...\n",
        "\t",
        "~",
    ),
    "amounts": (
        "Rp",
        "rp. ",
        "350.000",
        "1,5",
        "30 hari",
        "2026-11-24",
        "24 November",
        "08.00",
        "1." * 9,
        "-",
        "–",
        "0",
        "٣",
        "ribu",
    ),
    "people": (
        "siti@example.org",
        " at ",
        "[dot]",
        "0812 ",
        "3456-",
        "7890",
        "5371 0123 4567 8901",
        "A1234567",
        "+62",
        "(",
        ")",
        "@",
        ".",
        "\u200b",
        "１２３",
        "nol delapan",
        "Rp 350.000",
        "24-11-2026",
    ),
    "csv": ("=", "+", "-", "@", "＝", ";", "\t", "\r", "\n", ",", '"', "cmd|' /C calc'!A0", "a", "\x00"),
    "headers": (
        "br",
        "gzip",
        ";q=",
        "0.5",
        "1",
        ",",
        "*",
        "identity",
        "id",
        "en-GB",
        "W/",
        '"',
        "-",
        " ",
        "=",
        "x" * 40,
        "\x7f",
        "é",
    ),
    "calendar": ("BEGIN:VEVENT", "\r\n", "\\", ";", ",", ":", "é", "日", "\x00", "\u2028", "X" * 80, "DTSTART", "\n "),
}
ALLOWED = (ContentError, InvalidValue, Refused, attendee.InvalidValue)
MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=ZoneInfo("Asia/Makassar"))


def text_of(chance: random.Random, kind: str) -> str:
    """Some pieces in a row, one of them perhaps many times, with strange characters between."""
    pieces = PIECES[kind]
    length = chance.choice((3, 30, 300, LONGEST))
    made: list[str] = []
    while sum(map(len, made)) < length:
        piece = (
            chance.choice(pieces)
            if chance.random() < 0.9
            else chr(chance.choice((0, 9, 0x1F, 0x202E, 0x1F600, 0xFFFD)))
        )
        made.append(piece * (chance.randrange(1, 40) if chance.random() < 0.1 else 1))
    return "".join(made)[: LONGEST * 2]


def _markdown(text: str) -> None:
    html = "".join(segment for segment in compile_body(text).segments if isinstance(segment, str))
    assert not re.search(r"<(?:script|iframe|object|style)\b|<[a-z]+[^>]*\son\w+\s*=|href=\"\s*javascript:", html, re.I)


def _redaction(text: str) -> None:
    kept = redacted(text, region="ID")
    assert "siti@example.org" not in kept
    assert not re.search(r"(?<![\d.])\d{9,}", kept)
    assert len(redacted(kept, region="ID")) <= len(kept)


def _csv(text: str) -> None:
    cell = str(guarded(text))
    assert not cell.startswith(("=", "+", "-", "@", "＝", "\t", "\r"))
    rows = list(csv.reader(io.StringIO(csv_file(["a", "b"], [[text, 1]]).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["a", "b"]
    assert len(rows) == 2


def _calendar(text: str) -> None:
    entry = Entry(
        uid="a@schedules.portal", start=MOMENT, end=MOMENT + timedelta(hours=1), summary=text, sequence=1,
        modified=datetime(2026, 1, 1, tzinfo=UTC), description=text, location=text, categories=(text,),
    )  # fmt: skip
    data = calendar_file([entry], name=text, description=text, zone=ZoneInfo("Asia/Makassar"), language="id")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 1


def _attendee(text: str) -> None:
    for clean in (lambda: attendee.clean_text(text, length=200, lines=True), lambda: attendee.clean_count(text, most=9),
                  lambda: attendee.clean_phone(text, region="ID"), lambda: attendee.clean_email(text)):  # fmt: skip
        try:
            clean()
        except attendee.InvalidValue:
            continue
    whole_number(text)
    page_number(text, last=9)
    phone_of(text, region="ID")


def _headers(text: str) -> None:
    assert content_coding(text) in ("br", "gzip", "identity")
    is_not_modified(text, '"abc"')
    without_personal_data(text)


def _search(text: str) -> None:
    words(text)
    redacted_query(text[:300])


def _yaml(text: str) -> None:
    yaml_of(text, "x.yaml")


PARSERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "markdown and embeds": ("markdown", _markdown),
    "front matter": ("yaml", lambda text: split_front_matter(f"---\n{text}\n---\n{text}", "x.md")),
    "facts": ("yaml", _yaml),
    "amounts in words": ("amounts", numbers_in),
    "instants": ("amounts", lambda text: instant_of(text, ZoneInfo("Asia/Makassar"))),
    "redaction": ("people", _redaction),
    "redaction of searches": ("people", _search),
    "searches": ("markdown", _search),
    "cells of tables": ("csv", _csv),
    "fields of forms": ("people", _attendee),
    "calendar files": ("calendar", _calendar),
    "headers": ("headers", _headers),
    "kinds of files": ("csv", lambda text: kind_of(text.encode())),
}


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_takes_any_text_in_time(name: str) -> None:
    kind, parse = PARSERS[name]
    _quietly(parse, "a")
    for number in range(ROUNDS):
        text = text_of(random.Random(f"{name}:{number}"), kind)
        began = time.process_time()
        _quietly(parse, text)
        spent = time.process_time() - began
        most = FLOOR_SECONDS + SECONDS_PER_BYTE * len(text.encode("utf-8", "surrogatepass"))
        assert spent < most, f"seed {name}:{number}, {spent:.2f} s for {text[:200]!r}"


def _quietly(parse: Callable[[str], object], text: str) -> None:
    try:
        parse(text)
    except ALLOWED:
        return


PAGES = (
    ("/id/search", ("q", "kind", "page", "exact")),
    ("/en/search/suggest", ("q",)),
    ("/id/search.json", ("q", "page")),
    ("/id/faq/kartu-hilang", ("as_of",)),
    ("/id/news/", ("page",)),
    ("/id/schedules/", ("group", "district", "place", "on")),
    ("/id/events/", ("district", "page", "month")),
    ("/en/permits/finder", ("purpose", "nationality", "arriving", "v")),
    ("/en/permits/stay.ics", ("permit", "arrival", "length")),
    ("/language/en", ("to",)),
)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.mark.parametrize("path", [path for path, _names in PAGES])
def test_a_page_takes_any_query_cookie_and_language_in_time(client: FlaskClient, path: str) -> None:
    names = dict(PAGES)[path]
    client.get(path)
    for number in range(ROUNDS // 10):
        chance = random.Random(f"{path}:{number}")
        kinds = tuple(PIECES)
        query = [
            (chance.choice(names), text_of(chance, chance.choice(kinds))[:1500]) for _ in range(chance.randrange(1, 4))
        ]
        strange = text_of(chance, "headers")[:500].encode("latin1", "ignore").decode("latin1")
        strange = re.sub(r"[\x00-\x1f\x7f]", "", strange)
        headers = {"Accept-Language": strange, "Cookie": f"language={strange}; desk={strange}", "Referer": strange}
        began = time.process_time()
        answer = client.get(f"{path}?{urlencode(query, errors='replace')[:3500]}", headers=headers)
        assert answer.status_code < 500, (number, query)
        assert time.process_time() - began < 1.5, (number, query)


@pytest.mark.parametrize("path", ["/id/feedback/ask", "/id/feedback/helpful", "/id/feedback/why"])
def test_a_form_takes_any_field_in_time(client: FlaskClient, path: str) -> None:
    for number in range(ROUNDS // 10):
        chance = random.Random(f"{path}:{number}")
        names = ("question", "email", "stamp", "page", "helpful", "reason", "words", "channel", "language", "website")
        form = {chance.choice(names): text_of(chance, chance.choice(tuple(PIECES))) for _ in range(5)}
        began = time.process_time()
        answer = client.post(path, data=form)
        assert answer.status_code < 500, (number, form)
        assert time.process_time() - began < 1.5, (number, form)


def test_the_seeds_give_the_same_texts() -> None:
    first = [text_of(random.Random(f"facts:{number}"), "yaml") for number in range(20)]
    assert first == [text_of(random.Random(f"facts:{number}"), "yaml") for number in range(20)]
    assert len(set(first)) > 15
