"""A small, sound content tree written into a folder, for tests that then plant a defect in it."""

from __future__ import annotations

from pathlib import Path

from portal.content.catalogue import Catalogue
from portal.content.document import ContentRule, DocumentType
from portal.content.loading.compiled import CompiledStore
from portal.content.loading.reader import Reader
from portal.content.sources.source import FolderSource
from portal.guidance.guide import GUIDE
from portal.news.item import NEWS
from portal.office.documents import ALERT, PAGE

QUESTION = DocumentType("faq", rules=frozenset(ContentRule), site_paths=("faq",))
TYPES = (GUIDE, QUESTION, NEWS, PAGE, ALERT)

FILES = {
    "site.yaml": """
stage: preview
name: {id: Kantor Contoh, en: Sample Office}
short_name: {id: Contoh, en: Sample}
region: {id: Provinsi Contoh, en: Sample Province}
timezone: Asia/Makassar
zone_label: WITA
languages: [{code: id, name: Indonesia}, {code: en, name: English}]
""",
    "reference/topics.yaml": "paspor: {name: {id: Paspor, en: Passports}}\n",
    "reference/audiences.yaml": "warga: {name: {id: Warga, en: Citizens}}\n",
    "reference/laws.yaml": 'pp-1-2020: {number: "PP 1/2020", year: 2020, title: {id: Tarif, en: Tariff}}\n',
    "reference/fees.yaml": """
buku:
  name: {id: Buku, en: Book}
  values:
    - {value: 350000, valid_to: 2024-12-16, legal_basis: [pp-1-2020]}
    - {value: 650000, valid_from: 2024-12-17, legal_basis: [pp-1-2020]}
""",
    "reference/facts.yaml": """
biaya: {values: {amount_idr: 650000}, legal_basis: [pp-1-2020], certainty: sourced,
  sources: [{url: "https://example.org/a", date: "2024", kind: official}]}
rahasia: {values: {}, certainty: check, sources: []}
""",
    "faq/biaya/facts.yaml": "status: published\ntopics: [paspor]\naudience: [warga]\nfacts: [biaya]\nowner: konten\n",
    "faq/biaya/id.md": "---\ntitle: Berapa biayanya?\nsummary: Ada tarifnya.\n---\nBiayanya {{ fee:buku }}.\n",
    "faq/biaya/en.md": "---\ntitle: What does it cost?\nsummary: There is a fee.\n---\nIt costs {{ fee:buku }}.\n",
    "guidance/panduan/facts.yaml": "status: published\ntopics: [paspor]\nfees: [buku]\nrelated: [faq/biaya]\n",
    "guidance/panduan/id.md": "---\ntitle: Panduan\n---\nAwal.\n\n## Siapkan {#siapkan}\n\nLihat [biaya](faq/biaya).\n",
    "guidance/panduan/en.md": "---\ntitle: Guide\n---\nStart.\n\n## Prepare {#siapkan}\n\nSee [cost](faq/biaya).\n",
}


def write(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """The sound tree with some files changed, added, or (where nothing is given) left out."""
    for path, text in {**FILES, **(changes or {})}.items():
        target = folder / path
        if text is None:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def reader(store: Path | None = None) -> Reader:
    """A reader of the kinds that the tree holds."""
    return Reader(TYPES, store=CompiledStore(store))


def read(folder: Path, previous: Catalogue | None = None) -> Catalogue:
    """The catalogue of the folder."""
    return reader().read(FolderSource(folder), previous)
