"""What it will cost: lines with their amounts, and a total only where every line has one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One thing to pay: the fee (id), how often, and the amount of one in rupiah where it is known."""

    fee: str
    times: int
    amount: int | None

    @property
    def sum(self) -> int | None:
        """The amount of the whole line."""
        return None if self.amount is None else self.amount * self.times


def total(lines: Iterable[Line]) -> int | None:
    """The sum of all lines; none when a line has no known amount or there is no line."""
    sums = [line.sum for line in lines]
    amounts = [amount for amount in sums if amount is not None]
    return sum(amounts) if sums and len(amounts) == len(sums) else None
