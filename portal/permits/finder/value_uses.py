"""Which answers of the visa finder show a reference value, for the staff page on a change of that value."""

from __future__ import annotations

from collections.abc import Set

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.permits.finder.loading import NoTable, table_of
from portal.permits.permit import PERMIT


def outcomes_using(
    catalogue: Catalogue, reference: str, record: str, pages: Set[str]
) -> tuple[tuple[str, Document | None], ...]:
    """The permits and referrals that the finder can answer with and that show or rest on the value, with their pages.

    `pages` are the keys (`kind/slug`) of the documents that show the value.
    """
    try:
        table = table_of(catalogue)
    except NoTable:
        return ()
    codes: set[str] = set()
    if reference == "laws":
        for rule in table.rules.values():
            if record in rule.legal_basis or record in rule.articles:
                codes |= {*rule.primary, *rule.alternatives}
        codes |= {code for code, outcome in table.outcomes.items() if record in outcome.legal_basis}
    codes |= {
        code for code, outcome in table.outcomes.items() if outcome.slug and f"{PERMIT.kind}/{outcome.slug}" in pages
    }
    slugs = {code: table.outcomes[code].slug for code in sorted(codes) if code in table.outcomes}
    return tuple((code, catalogue.get(PERMIT.kind, slug) if slug else None) for code, slug in slugs.items())
