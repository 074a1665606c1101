"""What people say of meetings, as values for the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class PlanDraft:
    """Meetings of a fair: its time zone (IANA) and how many meetings one participant may have."""

    time_zone: str
    most_a_session: int
    most_buyer: int
    most_distributor: int
    most_seller: int


@dataclass(frozen=True)
class SessionDraft:
    """A session by the wall clock of the fair; ``minutes`` is the length of a slot."""

    day: date
    opens: time
    closes: time
    minutes: int
    tables: int
    place: str = ""


@dataclass(frozen=True)
class GuestDraft:
    """Who comes, what they look for or show, and the commodities (keys of the registry)."""

    person: str
    about: str
    commodities: tuple[str, ...]


@dataclass(frozen=True)
class FollowUp:
    """What came of a meeting: ``missing`` is empty where it was held, ``outcome`` where nobody says."""

    missing: str = ""
    outcome: str = ""
    note: str = ""
