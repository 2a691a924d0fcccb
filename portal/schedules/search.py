"""What the search finds of places: name, address, access and district."""

from __future__ import annotations

from collections.abc import Iterator

from portal.content.catalogue import Catalogue
from portal.content.document import text_in
from portal.messages import N_
from portal.schedules.place import PLACE
from portal.search.engine.index.entry import Entry
from portal.search.sources import ReferenceSource


def place_entries(catalogue: Catalogue) -> Iterator[Entry]:
    """One entry per place that readers are sent to, found by its name, address and district."""
    districts = catalogue.reference("districts")
    for id_, place in catalogue.reference(PLACE.name).items():
        district = districts.get(place.district)
        texts = (place.access, place.note if place.address else {})
        yield Entry(
            key=f"places/{id_}",
            kind="places",
            slug=id_,
            path=f"schedules/places/{id_}",
            title=dict(place.name),
            summary=dict(place.address or place.note),
            keywords={language: [name] for language, name in (district.name.items() if district else ())},
            text={code: "\n".join(filter(None, (text_in(text, code) for text in texts))) for code in place.name},
            prior=0.6,
        )


PLACES = ReferenceSource(kind=PLACE.name, label=N_("Place"), make=place_entries)
