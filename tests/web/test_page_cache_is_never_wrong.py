"""The invariant of the page cache: at any instant, after any edit, it answers what a fresh render answers."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from portal.web.state import EXTENSION
from tests.conftest import FULL, AppFactory
from tests.content.tree import FILES, write

START = datetime(2024, 12, 9, 16, tzinfo=UTC)
DAYS = 30
CHECKS = 60_000 if FULL else 1_500
EDITS = 200 if FULL else 12
PATHS = ("/id/faq/biaya", "/en/faq/biaya", "/id/faq/jendela", "/id/guidance/panduan", "/en/fees")
TTL = timedelta(seconds=60)


def content(folder: Path) -> Path:
    window = "status: published\ntopics: [paspor]\npublish_from: 2024-12-12T09:30\npublish_until: 2024-12-20T17:00\n"
    alert = "status: published\nseverity: major\nstarts: 2024-12-14T08:00\nends: 2024-12-15T12:00\n"
    below = "faq/biaya/next/2024-12-22T0715/"
    return write(
        folder,
        {
            "faq/jendela/facts.yaml": window,
            "faq/jendela/id.md": "---\ntitle: Jendela\n---\nIsi {{ fee:buku }}.\n",
            "alerts/libur/facts.yaml": alert,
            "alerts/libur/id.md": "---\ntitle: Loket tutup\nsummary: Sehari.\n---\n",
            below + "facts.yaml": FILES["faq/biaya/facts.yaml"] + "based_on: x\n",
            below + "id.md": FILES["faq/biaya/id.md"].replace("Biayanya", "Mulai kini"),
            below + "en.md": FILES["faq/biaya/en.md"].replace("It costs", "From now"),
        },
    )


def boundaries() -> list[datetime]:
    zone = timedelta(hours=8)
    local = ["2024-12-12T09:30", "2024-12-20T17:00", "2024-12-14T08:00", "2024-12-15T12:00", "2024-12-22T07:15"]
    local += ["2024-12-17T00:00", "2024-12-31T00:00"]
    return [datetime.fromisoformat(text).replace(tzinfo=UTC) - zone for text in local]


def instants(chance: random.Random) -> list[datetime]:
    edge = timedelta(milliseconds=1)
    near = [b + d for b in boundaries() for d in (-edge, timedelta(0), edge)]
    count = CHECKS // len(PATHS) - len(near)
    drawn = [START + timedelta(seconds=chance.uniform(0, DAYS * 86_400)) for _ in range(count)]
    return sorted(near + drawn)


def edit(folder: Path, chance: random.Random, number: int) -> None:
    """Change one file of the content, as an editor would."""
    texts = {
        "faq/biaya/id.md": FILES["faq/biaya/id.md"] + f"\nSuntingan {number}.\n",
        "faq/jendela/id.md": f"---\ntitle: Jendela {number}\n---\nIsi {{{{ fee:buku }}}}.\n",
        "reference/fees.yaml": FILES["reference/fees.yaml"].replace("650000", str(650_000 + number)),
        "guidance/panduan/en.md": FILES["guidance/panduan/en.md"] + f"\nEdit {number}.\n",
        "site.yaml": FILES["site.yaml"].replace("Kantor Contoh", f"Kantor Contoh {number}"),
    }
    path = chance.choice(sorted(texts))
    (folder / path).write_text(texts[path])


def ask(app: Flask, path: str, instant: datetime) -> tuple[int, bytes]:
    """What the application answers when its clock shows `instant`."""
    app.config["REAL_CLOCK"] = instant
    answer = app.test_client().get(path)
    return answer.status_code, answer.data


def test_no_answer_of_the_cache_is_wrong(make_app: AppFactory, tmp_path: Path) -> None:
    chance = random.Random(1)
    folder = content(tmp_path / "content")
    cached, plain = make_app(content=folder), make_app(content=folder)
    cache = cached.extensions[EXTENSION].page_cache
    plain.wsgi_app = plain.extensions[EXTENSION].page_cache.app  # type: ignore[method-assign]
    moments = instants(chance)
    edits = set(chance.sample(range(len(moments)), EDITS))
    wrong: list[tuple[datetime, str]] = []
    renders_with_ttl, kept_until = 0, dict[str, datetime]()
    for number, instant in enumerate(moments):
        if number in edits:
            edit(folder, chance, number)
            for app in (cached, plain):
                app.extensions[EXTENSION].generations.bump_content()
        for path in PATHS:
            if ask(cached, path, instant) != ask(plain, path, instant):
                wrong.append((instant, path))
            if instant >= kept_until.get(path, instant):
                renders_with_ttl += 1
                kept_until[path] = instant + TTL
    print(f"{len(moments) * len(PATHS)} checks, renders {cache.renders}, with a TTL of 60 s {renders_with_ttl}")
    assert wrong == []
    assert renders_with_ttl >= (50 if FULL else 15) * cache.renders
