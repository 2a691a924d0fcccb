"""The decision table of the content; cached per catalogue."""

from __future__ import annotations

from portal.content.catalogue import Catalogue, per_catalogue
from portal.content.reference import ReferenceType
from portal.permits.finder.table import (
    Band,
    DecisionTable,
    Group,
    Outcome,
    Overlay,
    Question,
    Referral,
    Rule,
    Settings,
    Unreached,
)
from portal.permits.nationality import NATIONALITY_LISTS

FOLDER = "permits/finder"
RECORDS = {
    "settings": Settings,
    "questions": Question,
    "groups": Group,
    "bands": Band,
    "rules": Rule,
    "overlays": Overlay,
    "referrals": Referral,
    "unreached": Unreached,
}
FINDER_REFERENCES = (
    NATIONALITY_LISTS,
    *(ReferenceType(f"finder-{name}", record, f"{FOLDER}/{name}") for name, record in RECORDS.items()),
)


class NoTable(Exception):
    """The content holds no readable decision table, so the finder cannot answer."""


@per_catalogue
def table_of(catalogue: Catalogue) -> DecisionTable:
    """The decision table of this catalogue; raises NoTable when its settings cannot be read."""
    settings = next(iter(catalogue.reference("finder-settings").values()), None)
    if settings is None:
        raise NoTable(f"{FOLDER}/settings.yaml is missing or cannot be read")
    return DecisionTable(
        settings=settings,
        **{name: catalogue.reference(f"finder-{name}") for name in RECORDS if name != "settings"},
        lists=catalogue.reference(NATIONALITY_LISTS.name),
        outcomes=_outcomes(catalogue),
    )


def _outcomes(catalogue: Catalogue) -> dict[str, Outcome]:
    referrals = catalogue.reference("finder-referrals")
    outcomes = {id_: Outcome(id_, legal_basis=referral.legal_basis) for id_, referral in referrals.items()}
    for document in catalogue.all("permits"):
        facts = document.facts
        if facts.status == "published":
            outcomes[facts.code] = Outcome(facts.code, document.slug, facts.open_to, facts.legal_basis, facts.form)
    return outcomes
