"""What the search finds of the office's reference lists: terms of the glossary."""

from __future__ import annotations

from collections.abc import Iterator

from portal.content.catalogue import Catalogue
from portal.content.reference import capitalised
from portal.messages import N_
from portal.search.engine.index.entry import Entry
from portal.search.sources import ReferenceSource


def glossary_entries(catalogue: Catalogue) -> Iterator[Entry]:
    """One entry per term of the glossary, which is found by its other names too."""
    for id_, term in catalogue.reference("glossary").items():
        yield Entry(
            key=f"glossary/{id_}",
            kind="glossary",
            slug=id_,
            path=f"glossary#{id_}",
            title={language: capitalised(name) for language, name in term.term.items()},
            summary=dict(term.definition),
            keywords={language: list(names) for language, names in term.also.items()},
            prior=0.5,
        )


GLOSSARY = ReferenceSource(kind="glossary", label=N_("Glossary"), make=glossary_entries)
