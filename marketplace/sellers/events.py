"""What happens to sellers."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class SellerRegistered(Event):
    seller_id: int


@dataclass(frozen=True)
class SellerChanged(Event):
    seller_id: int
    in_answers_alone: bool = False
    """Only the figures of how often and how soon they answer changed."""


@dataclass(frozen=True)
class SellerCurated(Event):
    seller_id: int
    state: str
