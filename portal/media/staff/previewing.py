"""Previews with the files that still wait: their records in the catalogue, their addresses those of the desk."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from portal.content.catalogue import Catalogue
from portal.media.proposals.models import WAITING, WORDS
from portal.media.proposals.proposals import record_of, to_look_at
from portal.media.record import FOLDER, paths_of
from portal.media.staff.rows import file_prefix
from portal.web.documents.preview import PreviewLayer
from portal.web.transactions import session


def waiting_layer() -> PreviewLayer:
    """What waits as a layer over the catalogue, and where staff see its files in the place of /media/."""
    waiting = [row for row in to_look_at(session()) if row.state == WAITING]
    changed = {row.media_id: record_of(row) for row in waiting}
    paths = {path: row.id for row in waiting for path in paths_of(row.media_id, changed[row.media_id])}
    addresses: dict[str, str] = {}
    for row in waiting:
        if row.action != WORDS:
            name = f"/{FOLDER}/{row.media_id}"
            prefix = file_prefix(row.id)
            addresses |= {f"{name}/": f"{prefix}/", f"{name}.pdf": f"{prefix}/{row.media_id}.pdf"}

    def over(catalogue: Catalogue) -> Catalogue:
        records = MappingProxyType({**catalogue.reference(FOLDER), **changed})
        return replace(
            catalogue,
            references=MappingProxyType({**catalogue.references, FOLDER: records}),
            media=MappingProxyType({**catalogue.media, **paths}),
        )

    return PreviewLayer(over, addresses)
