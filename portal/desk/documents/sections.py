"""In which order the facts stand on a form: what the kind is about, where the page stands, on what it rests, when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.content_forms.binding import Field
from portal.desk.kinds import singular
from portal.web.languages import gettext as _

PLACE = ("topics", "audience", "related")
BASIS = ("legal_basis", "facts", "sources", "certainty", "checked_on", "review_by", "owner")
TIME = ("publish_from", "publish_until", "sample")


def sections(kind: str, fields: Sequence[Field]) -> list[dict[str, Any]]:
    """The fields of the facts under their headings; a heading without a field is left out."""
    common = {*PLACE, *BASIS, *TIME}
    own = [one for one in fields if one.key not in common]
    by_key = {one.key: one for one in fields}

    def named(keys: Sequence[str]) -> list[Field]:
        return [by_key[key] for key in keys if key in by_key]

    found = [
        {"id": "own", "title": singular(kind), "fields": own},
        {"id": "place", "title": _("Where the page stands"), "fields": named(PLACE)},
        {"id": "basis", "title": _("On what it rests"), "fields": named(BASIS)},
        {"id": "time", "title": _("When it is public"), "fields": named(TIME)},
    ]
    return [one for one in found if one["fields"]]
