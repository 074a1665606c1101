"""How an offer of a lot stands at a moment, and how much of it is left. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

MOST_OPEN = 60  # offers of one seller that are not over
MOST_BUYERS = 20  # that one private offer names
MOST_PRICES = 6
LONGEST_DAYS = 366
NOTE_LENGTH = 200


class OfferKind(StrEnum):
    """Spot: the goods are there. Forward: they come with a harvest or a production ahead."""

    SPOT = "spot"
    FORWARD = "forward"


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"  # for the buyers it names, and nobody else


class OfferState(StrEnum):
    """Follows from the window and the clock by `state_at`, never set by hand."""

    UPCOMING = "upcoming"
    CURRENT = "current"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What is known of an offer: its window, half open, and whether it was withdrawn."""

    opens_at: datetime
    closes_at: datetime
    is_withdrawn: bool = False


def state_at(moment: datetime, facts: OfferFacts) -> OfferState:
    """How an offer stands at a moment: current from its first second, past from the one after its last."""
    if facts.is_withdrawn:
        return OfferState.WITHDRAWN
    if moment >= facts.closes_at:
        return OfferState.PAST
    return OfferState.CURRENT if moment >= facts.opens_at else OfferState.UPCOMING


def held_of_capacity(state: OfferState, quantity: Decimal, taken: Decimal, *, is_quoted: bool) -> Decimal:
    """How much of the calendar an offer holds: all of it as long as it can be taken, then what was taken of it.

    A quote that still stands (``is_quoted``) can take it also after the window.
    """
    return quantity if is_quoted or state in {OfferState.UPCOMING, OfferState.CURRENT} else taken
