"""Housekeeping of accounts."""

from __future__ import annotations

from datetime import timedelta

from marketplace.accounts.services.sessions import forget_ended
from marketplace.kernel import limits, submits
from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction


@job("accounts.tidy", every=timedelta(hours=1))
def tidy() -> None:
    """Drop ended sessions, old submit keys and old tallies."""
    with transaction() as session:
        forget_ended(session)
        submits.forget_old(session)
        limits.forget_old(session)
