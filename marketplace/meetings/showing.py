"""Moments of meetings as the clock on the fair's wall shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from marketplace.i18n.formats import day_of
from marketplace.meetings.queries import FreeSlot


@dataclass(frozen=True, slots=True)
class WallClock:
    """The clock of a fair; ``zone`` is its time zone (IANA)."""

    zone: str

    def day(self, moment: datetime) -> date:
        """The day there."""
        return day_of(moment, self.zone)

    def time(self, moment: datetime) -> str:
        """Hours and minutes there, as 14:20: printed, spoken and understood alike in all our languages."""
        return f"{moment.astimezone(ZoneInfo(self.zone)):%H:%M}"

    def days(self, slots: Iterable[FreeSlot]) -> list[tuple[date, list[FreeSlot]]]:
        """Slots by day, both in order of time."""
        return [(day, list(group)) for day, group in groupby(slots, key=lambda one: self.day(one.begins))]
