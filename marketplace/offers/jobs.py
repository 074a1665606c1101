"""Work of the clock on offers: it marks and tells; whether an offer is open is told by its window at every read."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.offers.services import note_turns


@job("offers.clock", every=timedelta(minutes=1))
def clock() -> None:
    """Mark offers that opened or ended and tell of them, in small transactions."""
    is_done = False
    while not is_done:
        with transaction() as session:
            is_done = note_turns(session) == 0
