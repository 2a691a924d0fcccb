"""Tiers: whether the site says "here is the answer", "perhaps one of these" or "nothing on that"."""

from __future__ import annotations

from enum import StrEnum

ANSWERS_FROM = 0.8
RELATED_FROM = -4.6
RELATED_ELSEWHERE_FROM = -2.5


class Tier(StrEnum):
    """What the page may claim about its results."""

    ANSWERS = "answers"
    RELATED = "related"
    NOTHING = "nothing"


def tier_of(confidence: float, *, out_of_scope: bool = False, on_subject: bool = False) -> Tier:
    """The tier of a search from the confidence in its first result.

    A question that names what others deal with (`out_of_scope`) is not answered here; one that names what this site is
    about (`on_subject`) and nothing of others is never turned away.
    """
    if out_of_scope:
        return Tier.RELATED if confidence >= RELATED_ELSEWHERE_FROM else Tier.NOTHING
    if confidence >= ANSWERS_FROM:
        return Tier.ANSWERS
    return Tier.RELATED if on_subject or confidence >= RELATED_FROM else Tier.NOTHING
