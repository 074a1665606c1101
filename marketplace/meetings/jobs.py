"""Work of the clock on meetings; safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.meetings.services import ask_outcomes, end_impossible, remind


@job("meetings.clock", every=timedelta(hours=1))
def clock() -> None:
    """End what cannot be held, remind who waits and ask for outcomes, in small transactions."""
    for step in (end_impossible, remind, ask_outcomes):
        is_done = False
        while not is_done:
            with transaction() as session:
                is_done = step(session) == 0
