"""What the content check says of uploaded files: words in every language, and each size where its record says."""

from __future__ import annotations

from collections.abc import Iterator

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.problems import Problem, ProblemKind
from portal.media.record import paths_of, record_path

NO_WORDS = ProblemKind("schema", "has no '%(language)s'; say what the file shows in every language")
NO_FILE = ProblemKind("schema", "speaks of '%(file)s', which does not exist; upload the file again")


def problems(catalogue: Catalogue, _context: Context) -> Iterator[Problem]:
    """Every record without words in one of the site's languages, and every file that is missing."""
    for id_, record in catalogue.reference("media").items():
        for code in catalogue.site.language_codes:
            if not record.words.get(code, "").strip():
                yield NO_WORDS.at(record_path(id_), "words", language=code)
        for path in paths_of(id_, record):
            if path not in catalogue.media:
                yield NO_FILE.at(record_path(id_), file=path)
