"""Deliveries leave after the commit, at least once, always with the same id."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.outlet import Answer, NoAnswer
from marketplace.kernel.outside import outlet
from marketplace.kernel.uow import transaction
from marketplace.webhooks.services import begin_try, finish_try, tidy_up
from marketplace.webhooks.services.queueing import JOB


@job(JOB, is_outside=True)
def deliver(delivery_id: int) -> None:
    """Send one event to one endpoint once; what failed queues its next try itself."""
    with transaction() as session:
        tried = begin_try(session, delivery_id)
    if tried is None:
        return
    outcome: Answer | NoAnswer
    try:
        outcome = outlet().post(tried.url, tried.body, tried.headers)
    except NoAnswer as silence:
        outcome = silence
    with transaction() as session:
        finish_try(session, tried, outcome)


@job("webhooks.tidy", every=timedelta(hours=6))
def tidy() -> None:
    """Forget deliveries of last month, and secrets that sign no more."""
    with transaction() as session:
        tidy_up(session)
