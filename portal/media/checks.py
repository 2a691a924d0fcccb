"""What the content check says of uploaded files: words in every language, and each size where its record says."""

from __future__ import annotations

from collections.abc import Iterator

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.parsing import Problem
from portal.media.record import paths_of, record_path


def problems(catalogue: Catalogue, _context: Context) -> Iterator[Problem]:
    """Every record without words in one of the site's languages, and every file that is missing."""
    for id_, record in catalogue.reference("media").items():
        for code in catalogue.site.language_codes:
            if not record.words.get(code, "").strip():
                yield Problem(record_path(id_), "words", f"has no '{code}'; say what the file shows in every language")
        for path in paths_of(id_, record):
            if path not in catalogue.media:
                yield Problem(record_path(id_), "", f"speaks of '{path}', which does not exist; upload the file again")
