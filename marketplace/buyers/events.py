"""What happens to buyers."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class BuyerRegistered(Event):
    buyer_id: int
    organisation_id: int
