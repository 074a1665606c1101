"""Work of the clock. All may run twice."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.orders.services import begin_missing, cancel_stale, close_silent, record_inquiries, settle_unopposed


@job("orders.clock", every=timedelta(hours=1))
def clock() -> None:
    """Small transactions until nothing is left."""
    for step in (close_silent, cancel_stale, settle_unopposed, begin_missing, record_inquiries):
        is_done = False
        while not is_done:
            with transaction() as session:
                is_done = step(session) == 0
