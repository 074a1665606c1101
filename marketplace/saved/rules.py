"""How often a saved search writes, how many there may be, and when the next mail is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

MOST_SEARCHES = 100  # of one person
MOST_LISTS = 50
MOST_ITEMS = 200  # on one shortlist
NAME_LENGTH = 120
NOTE_LENGTH = 500
NAMED_IN_A_MAIL = 3


class Frequency(StrEnum):
    """How often a saved search may write; it writes only when there is something new."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


PERIODS = {Frequency.DAILY: timedelta(days=1), Frequency.WEEKLY: timedelta(days=7)}


def next_mail(frequency: Frequency, last: datetime) -> datetime | None:
    """The earliest moment of the next mail after ``last``; None where every match is told at once."""
    period = PERIODS.get(frequency)
    return None if period is None else last + period
