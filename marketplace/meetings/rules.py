"""Meetings at a fair: how a session is cut into slots, how many tables it needs, and what a meeting may become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

SLOT_LENGTHS = (15, 20, 30)  # minutes
MOST_TABLES = 200
MOST_SESSIONS = 60  # of one fair
MOST_ASKED = 3  # times by one participant of another at one fair, whatever became of it
MOST_MEETINGS = 100  # of one participant, whatever the organiser allows
LONGEST_SESSION = timedelta(hours=12)
REASON_LENGTH = 500
# meetings overrun and tables stand empty while people walk: a tenth to a fifth more than would do on paper
SPARE_LEAST, SPARE_MOST = Decimal("1.1"), Decimal("1.2")
REMINDED_EVERY = timedelta(days=2)


class GuestKind(StrEnum):
    """As what an organisation takes part; caps differ by kind."""

    BUYER = "buyer"
    DISTRIBUTOR = "distributor"
    SELLER = "seller"


class MeetingState(StrEnum):
    """From the request to what became of it."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    HELD = "held"
    NO_SHOW = "no_show"


MEETING_MOVES: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.REQUESTED: frozenset({MeetingState.ACCEPTED, MeetingState.DECLINED, MeetingState.CANCELLED}),
    MeetingState.ACCEPTED: frozenset({MeetingState.CANCELLED, MeetingState.HELD, MeetingState.NO_SHOW}),
    MeetingState.DECLINED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
    # what was entered in the bustle of a hall can be put right
    MeetingState.HELD: frozenset({MeetingState.NO_SHOW}),
    MeetingState.NO_SHOW: frozenset({MeetingState.HELD}),
}
SEATED = frozenset({MeetingState.ACCEPTED, MeetingState.HELD, MeetingState.NO_SHOW})


class Missing(StrEnum):
    """Who did not come."""

    ASKER = "asker"
    ASKED = "asked"
    BOTH = "both"


class Outcome(StrEnum):
    """What the two agreed on."""

    INQUIRY = "inquiry"
    SAMPLE = "sample"
    LATER = "later"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """One session: its first and last moment (UTC) and the length of a slot in minutes."""

    starts_at: datetime
    ends_at: datetime
    minutes: int

    @property
    def slots(self) -> int:
        """How many whole slots fit; what is left at the end is a break."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=self.minutes))

    def slot(self, number: int) -> tuple[datetime, datetime]:
        """First and last moment of a slot, counted from 0."""
        begins = self.starts_at + timedelta(minutes=self.minutes) * number
        return begins, begins + timedelta(minutes=self.minutes)

    def ahead(self, moment: datetime) -> Iterator[int]:
        """Slots that have not begun."""
        return (number for number in range(self.slots) if self.slot(number)[0] > moment)

    def overlaps(self, other: SessionTimes) -> bool:
        """Whether somebody would have to be in both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def tables_for(expected: int, slots: int) -> tuple[int, int]:
    """Fewest and most tables worth setting up for so many expected meetings: meetings / slots + 10 to 20 %."""
    if expected <= 0 or slots <= 0:
        return 0, 0
    least, most = (
        int((Decimal(expected) * spare / slots).to_integral_value(ROUND_CEILING)) for spare in (SPARE_LEAST, SPARE_MOST)
    )
    return min(least, MOST_TABLES), min(most, MOST_TABLES)


def moment_in(day: date, clock: time, zone: str) -> datetime | None:
    """The UTC moment of a wall clock's time in a zone; None for a time that the clocks skip that day."""
    there = datetime.combine(day, clock, ZoneInfo(zone))
    moment = there.astimezone(UTC)
    return moment if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == there.replace(tzinfo=None) else None


def may_meet(one: GuestKind, other: GuestKind) -> bool:
    """A meeting brings a seller together with somebody who buys."""
    return (one is GuestKind.SELLER) != (other is GuestKind.SELLER)
