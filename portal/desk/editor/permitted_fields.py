"""Which fields of a document the person who is signed in may change."""

from __future__ import annotations

from portal.accounts.people import may
from portal.content.document import PRIMARY_LANGUAGE
from portal.web.pages import plain_catalogue


def may_change(name: str) -> bool:
    """Whether this person may change the field; who only translates changes no original and no facts."""
    if may("write"):
        return True
    codes = plain_catalogue().site.language_codes
    return name.startswith(tuple(f"{code}." for code in codes if code != PRIMARY_LANGUAGE))
