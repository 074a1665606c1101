"""How a paid membership stands on a day, and from which day to which it runs."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_MONTHS = 36
MOST_PLANS = 20  # that one chapter offers at a time
TOLD_BEFORE = timedelta(days=14)
ORDER_STANDS = timedelta(days=30)  # an unpaid order of what is withdrawn or costs something else by now
SERVICES_LENGTH = 500
NAME_LENGTH = 80
_DAY = timedelta(days=1)


class MembershipState(StrEnum):
    """Follows from facts by `state_on`, never set by hand."""

    ORDERED = "ordered"  # not paid yet
    AHEAD = "ahead"  # paid, begins later
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"
    GIVEN_BACK = "given_back"


class EndedWhy(StrEnum):
    """What ended a paid membership before its last day."""

    GIVEN_BACK = "given_back"  # the chapter gave the whole price back
    TAKEN_BACK = "taken_back"  # the payer's bank took it back


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """What is known of one membership; the days are set once it is paid."""

    begins_on: date | None = None
    ends_on: date | None = None
    is_cancelled: bool = False
    is_ended: bool = False


def state_on(day: date, facts: MembershipFacts) -> MembershipState:
    """How a membership with these facts stands on a day."""
    if facts.is_ended:
        return MembershipState.GIVEN_BACK
    if facts.begins_on is None or facts.ends_on is None:
        return MembershipState.CANCELLED if facts.is_cancelled else MembershipState.ORDERED
    if day < facts.begins_on:
        return MembershipState.AHEAD
    return MembershipState.RUNNING if day <= facts.ends_on else MembershipState.OVER


def last_day(first: date, months: int) -> date:
    """The last day of so many months from ``first`` on: 2026-11-23 and 12 give 2027-11-22.

    Where the month has no such day the membership runs to the month's end: 2027-01-31 and 1 give 2027-02-28.
    """
    count = first.year * 12 + first.month - 1 + months
    year, month = count // 12, count % 12 + 1
    length = monthrange(year, month)[1]
    return date(year, month, length) if first.day > length else date(year, month, first.day) - _DAY


def first_day(today: date, paid: Iterable[tuple[date, date]]) -> date:
    """The day on which a membership begins that is paid today: today, or the day after those that run on from today.

    ``paid`` are first and last days of the same plan's others. One behind a gap keeps its days and holds nothing up.
    """
    free = today
    for first, last in sorted(paid):
        if first <= free <= last:
            free = last + _DAY
    return free
