"""Working days of the programme: Monday to Friday where the sellers are, without the week of Eid.

The week of Eid is the last seven days of the table's rows of that kind (1 to 7 Syawal), estimates as all of them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from marketplace.closures.presets import PresetKind, presets
from marketplace.closures.rules import day_there, midnight

_DAY = timedelta(days=1)
_EID = 7


@cache
def holidays() -> frozenset[date]:
    """The days of Eid that the table knows."""
    ends = [one.days.last for one in presets() if one.kind is PresetKind.EID]
    return frozenset(last - _DAY * back for last in ends for back in range(_EID))


def is_workday(day: date) -> bool:
    """Whether the desk works on this day."""
    return day.weekday() < 5 and day not in holidays()


def answer_by(moment: datetime, workdays: int) -> datetime:
    """The end of the last of so many working days after the one on which ``moment`` falls, in UTC."""
    day, left = day_there(moment), workdays
    while left:
        day += _DAY
        left -= is_workday(day)
    return midnight(day + _DAY)
