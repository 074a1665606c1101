"""Work of the clock: time that passed, figures to count, texts to forget. All may run twice."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.outside import settings
from marketplace.kernel.uow import transaction
from marketplace.rfqs.services import (
    call_mentors,
    count_answers,
    drop_old_texts,
    expire_requests,
    relabel_unanswered,
    remind_silent,
)


@job("rfqs.expire", every=timedelta(minutes=5))
def expire() -> None:
    """Rescue leads nobody answers, relabel those whose time is over and requests whose day has come.

    In small transactions; each step of a rescue is taken once. Reminders and mentors stay away where an operator has
    switched answer rescue off.
    """
    rescue = (remind_silent, call_mentors) if settings().rescues_answers else ()
    for step in (*rescue, relabel_unanswered, expire_requests):
        is_done = False
        while not is_done:
            with transaction() as session:
                is_done = step(session) == 0


@job("rfqs.answer_statistics", every=timedelta(hours=1))
def answer_statistics() -> None:
    """Count how often and how fast sellers answer."""
    with transaction() as session:
        count_answers(session)


@job("rfqs.tidy", every=timedelta(hours=6))
def tidy() -> None:
    """Forget visitors' texts that nobody came back for."""
    with transaction() as session:
        drop_old_texts(session)
