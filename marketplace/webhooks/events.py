"""What happens to addresses that take events."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class EndpointSwitchedOff(Event):
    """It failed for days, or its server said that it is gone; its organisation did not do it."""

    endpoint_id: int
