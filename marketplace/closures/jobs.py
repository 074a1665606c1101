"""Work of the clock on closures; safe to run twice. Clocks stand by what is read, not by this job."""

from __future__ import annotations

from datetime import timedelta

from marketplace.closures.services import note_turns
from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction


@job("closures.clock", every=timedelta(minutes=1))
def clock() -> None:
    """Mark what shows a closure that began or ended, in small transactions."""
    is_done = False
    while not is_done:
        with transaction() as session:
            is_done = note_turns(session) == 0
