"""Tiers: whether the site says "here is the answer", "perhaps one of these" or "nothing on that"."""

from __future__ import annotations

from enum import StrEnum

ANSWERS_FROM = 0.8
RELATED_FROM = -3.6


class Tier(StrEnum):
    """What the page may claim about its results."""

    ANSWERS = "answers"
    RELATED = "related"
    NOTHING = "nothing"


def tier_of(confidence: float) -> Tier:
    """The tier of a search from the confidence in its first result."""
    if confidence >= ANSWERS_FROM:
        return Tier.ANSWERS
    return Tier.RELATED if confidence >= RELATED_FROM else Tier.NOTHING
