"""What happened to the times at which sellers do not answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class ClosureChanged(Event):
    """A closure was set, moved or ended. ``before`` are the seller's spans as they were, which no row tells any more:
    clocks that run have to be moved from those to the present ones."""

    seller_id: int
    before: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class ClosedByMentor(Event):
    """A mentor entered a closure for a seller, who has to know of it."""

    closure_id: int


@dataclass(frozen=True)
class ClosureTurned(Event):
    """A closure began or ended with the clock; pages that show it are made anew."""

    seller_id: int
