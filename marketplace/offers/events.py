"""What happened to offers of a lot."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class OfferChanged(Event):
    """An offer was made, changed, withdrawn, or some of it was taken."""

    offer_id: int
    product_id: int


@dataclass(frozen=True)
class OfferMade(Event):
    """An offer for named buyers stands from now on."""

    offer_id: int
    organisation_ids: tuple[int, ...]


@dataclass(frozen=True)
class OfferTurned(Event):
    """An offer's window opened or closed with the clock."""

    offer_id: int
    product_id: int


@dataclass(frozen=True)
class OfferEnded(Event):
    """An offer's window closed, or all of it is taken; its seller is told once."""

    offer_id: int
