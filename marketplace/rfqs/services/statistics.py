"""How often and how fast sellers answer, counted from the leads themselves."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.events import record
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import answer_minutes
from marketplace.sellers.events import SellerChanged
from marketplace.sellers.models import Seller


def count_answers(session: Session) -> int:
    """Bring the sellers' answer figures up to date; gives how many sellers changed.

    A lead counts once it was answered (yes, no or handed on) or its time has passed; one that still runs does not.
    The profile's version stays, so that nobody's edit becomes stale by it.
    """
    counted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = session.execute(
        select(Recipient.seller_id, Recipient.answered_at, Recipient.deadline_at)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .where(
            Rfq.opened_at.is_not(None),
            or_(
                Recipient.answered_at.is_not(None),
                (Recipient.deadline_at <= now()) & Recipient.info_asked_at.is_(None),
            ),
        )
    )
    for seller_id, answered_at, deadline_at in rows:
        figures = counted[seller_id]
        figures[0] += 1
        if answered_at is not None:
            figures[1] += 1
            figures[2] += answer_minutes(answered_at, deadline_at)
    changed = 0
    for seller_id, leads, answered, minutes in session.execute(
        select(Seller.id, Seller.lead_count, Seller.answered_count, Seller.answer_minutes)
    ):
        figures = counted[seller_id]
        if figures == [leads, answered, minutes]:
            continue
        session.execute(
            update(Seller)
            .where(Seller.id == seller_id)
            .values(lead_count=figures[0], answered_count=figures[1], answer_minutes=figures[2]),
            execution_options={"synchronize_session": False},
        )
        record(session, SellerChanged(seller_id=seller_id, in_answers_alone=True))
        changed += 1
    return changed
