"""What a password must be: long, and none that a guesser tries early."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_security import PasswordUtil
from flask_security.utils import get_message

from portal.accounts.models import Staff
from portal.web.pages import catalogue

SHORTEST = 12
# A password that an estimate of 10^8 guesses reaches scores less.
LEAST_SCORE = 3
# The estimate costs more than in proportion to the length; what comes after these characters is not looked at.
LONGEST_JUDGED = 100


class PasswordRules(PasswordUtil):
    """Flask-Security's length rule, then nothing common and nothing made of the person's or the office's names."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """The complaints about a password, if any, and its normal form."""
        complaints, normal = super().validate(password, is_register, **kwargs)
        staff: Staff | None = kwargs.get("user")
        if not complaints and is_easy(normal, address=staff.email if staff else "", known=_names(staff)):
            complaints = [get_message("PASSWORD_TOO_SIMPLE")[0]]
        return complaints, normal


def is_easy(password: str, *, address: str = "", known: Iterable[str] = ()) -> bool:
    """Whether the password is soon guessed, in whatever width its letters are written, by who knows these words."""
    # Three quarters of a megabyte of word lists, needed only where a password is chosen.
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    judged = unicodedata.normalize("NFKC", password)[:LONGEST_JUDGED]
    local = address.partition("@")[0].casefold()
    if len(set(judged)) < 6 or (len(local) > 3 and local in judged.casefold()):
        return True
    words = [word.casefold() for word in (address, local, *known) if len(word) > 2]
    return bool(zxcvbn(judged, user_inputs=words, max_length=LONGEST_JUDGED)["score"] < LEAST_SCORE)


def _names(staff: Staff | None) -> list[str]:
    """The names of the person and of the office, whole, joined and word by word, in every language of the site."""
    site = catalogue().site
    names = [text.text(code) for text in (site.name, site.short_name) for code in site.language_codes]
    if staff:
        names.append(staff.name)
    return [*names, *(name.replace(" ", "") for name in names), *(word for name in names for word in name.split())]
