"""Values that are made once for each catalogue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from portal.content.catalogue import Catalogue, per_catalogue
from tests.content.tree import FILES, read, write


def test_a_value_is_made_once_for_each_catalogue(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    catalogue = read(tmp_path)
    made: list[str] = []

    @per_catalogue
    def stage_of(catalogue: Catalogue) -> str:
        made.append(catalogue.site.stage)
        return catalogue.site.stage

    assert [stage_of(catalogue), stage_of(catalogue)] == [catalogue.site.stage] * 2
    assert len(made) == 1
    assert stage_of(replace(catalogue, version="next")) == catalogue.site.stage
    assert len(made) == 2
