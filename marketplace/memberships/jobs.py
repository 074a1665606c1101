"""Work of the clock on memberships; safe to run twice."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.memberships.services import cancel_outdated, tell_ending


@job("memberships.clock", every=timedelta(days=1))
def clock() -> None:
    """Cancel outdated orders and have members told whose membership ends soon, in small transactions."""
    for step in (cancel_outdated, tell_ending):
        is_done = False
        while not is_done:
            with transaction() as session:
                is_done = step(session) == 0
