"""A change of a value laid over the content that is served now, or why that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.content.catalogue import Catalogue
from portal.content.problems import ContentError, Problem
from portal.publishing import wiring
from portal.reference_values.changes import Change, NoValueThen, SameValue, changed
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue
from portal.web.problems import plain_message
from portal.web.state import portal


@dataclass(frozen=True)
class CandidateChange:
    """The texts of the files before and after a change, by path, and the catalogue with it."""

    before: Mapping[str, str | None]
    after: Mapping[str, str]
    catalogue: Catalogue

    @cached_property
    def problems(self) -> list[Problem]:
        """What would stop its publication."""
        served = portal().live.current()
        return wiring.publisher().examiner.errors(self.catalogue, served, today=request_clock().today())


def candidate_of(reference: str, record: str, change: Change) -> CandidateChange:
    """The change laid over what is served now; raises what `changed` raises."""
    stem, source = portal().live.reader.references[reference].stem, portal().live.source
    paths = [path for path in source.listing() if path == f"{stem}.yaml" or path.startswith(f"{stem}/")]
    texts = {path: source.read(path).decode("utf-8-sig") for path in paths}
    known = record if any(record == id_ for id_ in plain_catalogue().reference(reference)) else ""
    after = changed(texts, known, change, stem=stem)
    candidate = wiring.publisher().candidates.read(after, served=portal().live.current())
    return CandidateChange({path: texts.get(path) for path in after}, after, candidate.catalogue)


def sound_candidate(reference: str, record: str, change: Change) -> tuple[CandidateChange | None, dict[str, str]]:
    """The change laid over what is served now; nothing, and messages by field (`form` for all), where it is refused."""
    try:
        candidate = candidate_of(reference, record, change)
    except SameValue:
        field = {"laws": "by", "holidays": "starts"}.get(reference, "value")
        return None, {field: _("This is what holds already on that day.")}
    except NoValueThen:
        message = _("No value is known for that day, so nothing can follow on it. Choose a later day.")
        return None, {"starts": message}
    except ContentError as invalid:
        return None, {"form": "; ".join(plain_message(problem) for problem in invalid.problems)}
    if candidate.problems:
        messages = (f"{problem.path}: {plain_message(problem)}" for problem in candidate.problems[:3])
        return None, {"form": "; ".join(messages)}
    return candidate, {}
