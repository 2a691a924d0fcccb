"""What tests of the writing side share: shipped pages as texts, and what a browser sends for their forms."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from portal import FEATURES
from portal.content_forms.binding import as_submitted
from portal.content_forms.document_form import DocumentForm
from tests.invariants import ROOT

ZONE = ZoneInfo("Asia/Makassar")
LANGUAGES = ("id", "en")
FORMS = {type_.kind: DocumentForm(type_, LANGUAGES, ZONE) for feature in FEATURES for type_ in feature.types}
FOLDERS = sorted(
    path.parent for root in ("content", "tests/sample_content") for path in (ROOT / root).glob("*/*/facts.yaml")
)
SAMPLE = ROOT / "tests" / "sample_content"

Files = dict[str, str]
Sent = dict[str, list[str]]


def files_of(folder: Path) -> Files:
    """The texts of a page's folder."""
    return {path.name: path.read_text() for path in folder.iterdir() if path.suffix in (".yaml", ".md")}


def sent_of(form: DocumentForm, files: Files) -> Sent:
    """What a browser sends when nobody touches the form, with the line ends of the web."""
    fields = [*form.facts(files), *(one for code in LANGUAGES for one in form.words(files, code))]
    return {name: [text.replace("\n", "\r\n") for text in texts] for name, texts in as_submitted(fields).items()}
