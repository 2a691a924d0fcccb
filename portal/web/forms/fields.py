"""Numbers that a request carries as text, in forms and in query strings."""

from __future__ import annotations

# Longer runs of digits are refused before int() is asked, whose cost grows with the square of their number.
MOST_DIGITS = 18
# The greatest version of a draft or a change that a form may name.
GREATEST_VERSION = 10**8 - 1


def whole_number(text: str, *, low: int = 0, high: int = 10**MOST_DIGITS) -> int | None:
    """The whole number that the text writes in decimal digits, or None when it is none or outside low..high.

    White space around it does not count; a minus sign is read only where `low` is negative.
    """
    typed = text.strip()
    digits = typed.removeprefix("-") if low < 0 else typed
    if not digits.isdecimal() or len(digits) > MOST_DIGITS:
        return None
    number = int(typed)
    return number if low <= number <= high else None


def page_number(text: str, *, last: int) -> int:
    """The page of a list that `?page=` names, moved into 1..last; 1 when it names none."""
    number = whole_number(text)
    return 1 if number is None else min(max(number, 1), last)
