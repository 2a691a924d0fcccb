"""Tiers: whether the page of results claims an answer, related pages or nothing."""

from __future__ import annotations

from enum import StrEnum

ANSWERS_FROM = 0.8
RELATED_FROM = -4.6
RELATED_OUT_OF_SCOPE_FROM = -2.5


class Tier(StrEnum):
    """What the page may claim about its results."""

    ANSWERS = "answers"
    RELATED = "related"
    NOTHING = "nothing"


def tier_of(confidence: float, *, out_of_scope: bool = False, on_subject: bool = False) -> Tier:
    """The tier of a search from the confidence in its first result.

    A query that names what other offices deal with (`out_of_scope`) is not answered; one that names what this site is
    about (`on_subject`), and is not out of scope, has at least related pages.
    """
    if out_of_scope:
        return Tier.RELATED if confidence >= RELATED_OUT_OF_SCOPE_FROM else Tier.NOTHING
    if confidence >= ANSWERS_FROM:
        return Tier.ANSWERS
    return Tier.RELATED if on_subject or confidence >= RELATED_FROM else Tier.NOTHING
