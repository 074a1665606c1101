"""Work of chapters after the commit."""

from __future__ import annotations

from datetime import timedelta

from marketplace.kernel.jobs import job
from marketplace.kernel.uow import transaction
from marketplace.partners.services import end_unanswered, remind_of_reviews


@job("partners.end_introductions", every=timedelta(hours=1))
def end_introductions() -> None:
    """Close introductions that nobody answered in their time."""
    with transaction() as session:
        end_unanswered(session)


@job("partners.remind_reviews", every=timedelta(days=1))
def remind_reviews() -> None:
    """Remind chapters of partnerships that are to be looked at soon."""
    with transaction() as session:
        remind_of_reviews(session)
