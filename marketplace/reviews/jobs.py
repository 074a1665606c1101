"""Asking for a review, once, when there has been time to form an opinion."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import record
from marketplace.kernel.jobs import job
from marketplace.kernel.notices import NoticeWanted
from marketplace.kernel.uow import transaction
from marketplace.orders.models import Order, Sample
from marketplace.orders.rules import OrderState
from marketplace.quotes.models import Deal
from marketplace.reviews.models import Review
from marketplace.reviews.rules import Occasion


@job("reviews.ask")
def ask(kind: str, key: int) -> None:
    """Ask the buyer of a delivered sample or a settled deal what they think, unless they have said it; once."""
    with transaction() as session:
        found = _of_sample(session, key) if kind == Occasion.SAMPLE else _of_deal(session, key)
        about = f"{kind}:{key}"
        if found is None or session.scalar(select(Review.id).where(Review.about == about).limit(1)) is not None:
            return
        buyer_id, person_id, public_key = found
        people = member_ids(session, buyer_id)
        told = (person_id,) if person_id is not None and person_id in people else tuple(people)
        record(session, NoticeWanted("review_wanted", about, told, href=f"/reviews/after/{kind}/{public_key}"))


def _of_sample(session: Session, key: int) -> tuple[int, int | None, str] | None:
    row = session.get(Sample, key)
    return None if row is None or row.delivered_at is None else (row.buyer_id, row.asked_by_id, row.key)


def _of_deal(session: Session, key: int) -> tuple[int, int | None, str] | None:
    query = select(Deal).join(Order, Order.deal_id == Deal.id)
    row = session.scalar(query.where(Deal.id == key, Order.state == OrderState.SETTLED))
    return None if row is None else (row.buyer_id, None, row.key)
