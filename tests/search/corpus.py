"""Small sets of entries for the tests of the engine: one that a person can read, one made by chance."""

from __future__ import annotations

import random
from pathlib import Path

from portal.search.engine.analysis.thesaurus import ConceptWords, Thesaurus, compile_thesaurus
from portal.search.engine.index.building import bring_up_to_date
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.view import View
from portal.search.engine.query.searcher import Searcher

NOW = 1_800_000_000.0

THESAURUS = compile_thesaurus(
    {
        "passport": ConceptWords(
            subject=True,
            alias={"passport": "paspor"},
            spelling={"paspot": "paspor"},
            same={"id": ["paspor"], "en": ["paspor"]},
        ),
        "lost": ConceptWords(same={"id": ["hilang", "kehilangan"], "en": ["lost"]}, near={"en": ["stolen"]}),
        "fee": ConceptWords(
            broad=True, same={"id": ["biaya", "tarif"], "en": ["fee", "price"]}, near={"id": ["berapa"]}
        ),
        "voa": ConceptWords(subject=True, same={"id": ["VoA"], "en": ["visa on arrival", "VoA"]}),
        "licence": ConceptWords(
            out_of_scope=True, same={"id": ["visa Jepang", "paspor kucing"], "en": ["lost licence"]}
        ),
        "chat": ConceptWords(spelling={"ilang": "hilang", "brp": "berapa"}),
    }
)


def entry(slug: str, title_id: str, title_en: str = "", **changes: object) -> Entry:
    """One question with its title in both languages."""
    text = {"id": f"{title_id}. Bawa KTP.", "en": f"{title_en}. Bring an ID card."}
    given: dict[str, object] = {"text": text, "path": f"faq/{slug}"} | changes
    title = {code: words for code, words in (("id", title_id), ("en", title_en)) if words}
    return Entry(key=f"faq/{slug}", kind="faq", slug=slug, title=title, **given)  # type: ignore[arg-type]


ENTRIES = (
    entry("lost", "Paspor hilang: apa yang dilakukan?", "What to do about a lost passport?"),
    entry("fee", "Biaya paspor", "Passport fee", keywords={"id": ["paspor berapa"]}),
    entry("voa", "Apa itu Visa on Arrival?", "What is the visa on arrival?"),
    entry("photo", "Pakaian untuk foto", "Clothes for the photograph"),
    entry("overstay", "Denda overstay sehari", "Overstay for a day"),
)

WORDS = [
    f"{first}{second}{third}"
    for first in "bdkl"
    for second in ("ara", "imi", "oto", "una")
    for third in ("s", "t", "ng")
]


def by_chance(count: int, *, seed: int) -> list[Entry]:
    """Entries of random words with a few common and many rare ones, the same for a seed."""
    chance = random.Random(seed)
    common = WORDS[:8]

    def sentence(length: int) -> str:
        return " ".join(chance.choice(common if chance.random() < 0.4 else WORDS) for _ in range(length))

    return [
        Entry(
            key=f"faq/{number}",
            kind="faq",
            slug=str(number),
            title={"id": sentence(5), "en": sentence(4)},
            keywords={"id": [sentence(2)]},
            text={"id": sentence(chance.randint(10, 60)), "en": sentence(chance.randint(10, 60))},
            topics=(chance.choice(("a", "b")),),
        )
        for number in range(count)
    ]


def queries_by_chance(count: int, *, seed: int) -> list[str]:
    """Random queries of one to six words."""
    chance = random.Random(seed)
    return [" ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 6))) for _ in range(count)]


def view_of(root: Path, entries: object = ENTRIES, thesaurus: Thesaurus = THESAURUS) -> View:
    """An index of these entries, opened."""
    return View(root / bring_up_to_date(root, entries, thesaurus).name)  # type: ignore[arg-type]


def searcher_of(root: Path, entries: object = ENTRIES) -> Searcher:
    """A searcher of these entries."""
    return Searcher(view_of(root, entries))


def keys(searcher: Searcher, text: str, *, now: float = NOW, **options: object) -> list[str]:
    """The keys of what a search finds, in order."""
    result = searcher.find(text, now=now, **options)  # type: ignore[arg-type]
    return [searcher.view.keys[parts.document] for parts in result.documents]
