"""How much a seller can still promise: months of the calendar less what other quotes hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.catalogue.rules import CapacityKind

Month = date  # its first day
PlanRow = tuple[date, str, Decimal | None]  # month (of year 1 for every year), kind, quantity


@dataclass(frozen=True)
class Shortage(Exception):
    """The window has only ``free`` left of ``planned``; the rest is promised in other quotes."""

    free: Decimal
    planned: Decimal
    last: Month


def window(first: date, last: date) -> list[Month]:
    """The first days of all months from ``first`` to ``last``, at least the first one."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(step // 12, step % 12 + 1, 1) for step in range(start, max(start, end) + 1)]


def planned(rows: Iterable[PlanRow], usual: Decimal | None, months: Iterable[Month]) -> dict[Month, Decimal] | None:
    """What the calendar says is free in each month; None where neither calendar nor usual capacity is stated.

    A figure for this very month counts before one for every year, and both before the usual monthly capacity.
    """
    free: dict[Month, Decimal | None] = {}
    closed: set[Month] = set()
    for month, kind, quantity in rows:
        if kind == CapacityKind.FREE:
            free[month] = quantity
        elif kind == CapacityKind.CLOSED:
            closed.add(month)
    if usual is None and not any(quantity is not None for quantity in free.values()):
        return None
    found: dict[Month, Decimal] = {}
    for month in months:
        every_year = date(1, month.month, 1)
        if month in closed or every_year in closed:
            found[month] = Decimal(0)
            continue
        quantity = free.get(month)
        if quantity is None:
            quantity = free.get(every_year)
        found[month] = quantity if quantity is not None else usual or Decimal(0)
    return found


def allotted(needed: Decimal, plan: Mapping[Month, Decimal], promised: Mapping[Month, Decimal]) -> dict[Month, Decimal]:
    """Which months make ``needed``, the latest first, so that early months stay free for others.

    Raises `Shortage` where the whole window has not enough.
    """
    left, found = needed, dict[Month, Decimal]()
    for month in sorted(plan, reverse=True):
        free = max(Decimal(0), plan[month] - promised.get(month, Decimal(0)))
        part = min(free, left)
        if part > 0:
            found[month] = part
            left -= part
        if left <= 0:
            return found
    raise Shortage(free=needed - left, planned=sum(plan.values(), Decimal(0)), last=max(plan))
