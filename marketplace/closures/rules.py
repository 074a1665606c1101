"""Clocks that stand while a seller is closed: arithmetic on spans of time, half open, which do not overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace.kernel.regions import TIME_ZONE

LONGEST_DAYS = 120
FARTHEST_DAYS = 3 * 366  # from today to the last day: a plan beyond that is a slip of the year
MOST_AHEAD = 12  # closures of one seller that are not over
MOST_IN_A_YEAR = 180  # days: whoever is closed for longer takes their listings down instead of keeping buyers waiting
NOTE_LENGTH = 200
TOLD_BEFORE = timedelta(days=21)  # so long before it begins a closure is shown to buyers
_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


class ClosureState(StrEnum):
    """Follows from the clock by `state_at`, never set by hand."""

    AHEAD = "ahead"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Days:
    """A closure by its first and last day, as the seller's calendar counts them."""

    first: date
    last: date

    @property
    def span(self) -> Span:
        """From the midnight before the first day to the one after the last, where the sellers are."""
        return midnight(self.first), midnight(self.last + _DAY)


def midnight(day: date) -> datetime:
    """When a day begins where the sellers are, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(TIME_ZONE)).astimezone(UTC)


def day_there(moment: datetime) -> date:
    """Which day it is where the sellers are."""
    return moment.astimezone(ZoneInfo(TIME_ZONE)).date()


def state_at(moment: datetime, span: Span) -> ClosureState:
    """How a closure stands at a moment: it begins at its first second and is over at its end's."""
    begins, ends = span
    if moment >= ends:
        return ClosureState.OVER
    return ClosureState.RUNNING if moment >= begins else ClosureState.AHEAD


def closed_time(first: datetime, last: datetime, spans: Iterable[Span]) -> timedelta:
    """How much of the time from ``first`` to ``last`` the seller was closed."""
    total = timedelta()
    for begins, ends in spans:
        total += max(timedelta(), min(last, ends) - max(first, begins))
    return total


def open_time(first: datetime, last: datetime, spans: Iterable[Span]) -> timedelta:
    """How much of it they were open: what a clock counts. Nothing where ``last`` lies before ``first``."""
    return max(timedelta(), last - first) - closed_time(first, last, spans)


def runs_out(start: datetime, needed: timedelta, spans: Iterable[Span]) -> datetime:
    """When a clock that starts now and counts open time alone has counted ``needed``."""
    moment, left = start, needed
    for begins, ends in sorted(spans):
        if ends <= moment:
            continue
        ahead = max(timedelta(), begins - moment)
        if ahead >= left:
            break
        left -= ahead
        moment = ends
    return moment + left


def overlapping(days: Days, others: Iterable[Days]) -> bool:
    """Whether two closures share a day."""
    return any(days.first <= other.last and other.first <= days.last for other in others)


def most_in_a_year(closures: Iterable[Days]) -> int:
    """The most days that closures, which share none, take of any 365 days in a row."""
    spans = [(one.first.toordinal(), one.last.toordinal() + 1) for one in closures]  # a date itself may overflow
    # a window that holds the most can always be moved until it begins with a closure's first day or ends with a last
    starts = [first for first, _end in spans] + [end - 365 for _first, end in spans]
    return max((sum(max(0, min(start + 365, b) - max(start, a)) for a, b in spans) for start in starts), default=0)
