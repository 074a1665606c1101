"""Work of the clock. All may run twice."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.quotes.services import relabel_expired, remind_of_ending


@job("quotes.clock", every=timedelta(minutes=15))
def clock() -> None:
    """Tell of quotes that end soon and relabel those that have ended, in small transactions."""
    for step in (remind_of_ending, relabel_expired):
        is_done = False
        while not is_done:
            with transaction() as session:
                is_done = step(session) == 0
