"""What the clock does: closes samples nobody speaks of, counts inquiries, begins the way of older agreements."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import String, and_, cast, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.fairs.models import Fair
from marketplace.kernel.clock import now
from marketplace.kernel.states import advance
from marketplace.orders.models import Order, Outcome, Sample
from marketplace.orders.rules import SAMPLE_MOVES, OutcomeKind, SampleState
from marketplace.orders.services.deals import begin_order
from marketplace.orders.services.outcomes import record_order
from marketplace.payments.queries import payment_about
from marketplace.payments.services import cancel_payment
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import MomentCode, Side
from marketplace.rfqs.services.timeline import note_moment

AT_ONCE = 200
WITHOUT_FEEDBACK = timedelta(days=60)
AFTER_FEEDBACK = timedelta(days=14)
NOBODY_GOES_ON = timedelta(days=75)


def close_silent(session: Session) -> int:
    """Close samples whose feedback was there for two weeks, or was not written for sixty days; gives how many."""
    rows = session.scalars(
        select(Sample)
        .where(
            or_(
                and_(Sample.state == SampleState.FEEDBACK, Sample.judged_at < now() - AFTER_FEEDBACK),
                and_(Sample.state == SampleState.DELIVERED, Sample.delivered_at < now() - WITHOUT_FEEDBACK),
            )
        )
        .order_by(Sample.id)
        .limit(AT_ONCE)
        .with_for_update(of=Sample)
    ).all()
    for row in rows:
        row.state = advance(SampleState(row.state), SampleState.CLOSED, SAMPLE_MOVES)
        row.ended_at = now()
    return len(rows)


def cancel_stale(session: Session) -> int:
    """Cancel samples that were asked for or approved and that nobody went on with for 75 days, with what was to be paid
    for them; gives how many. What is paid stays: the seller owes it."""
    waits = (SampleState.FREE, SampleState.PAYMENT_DUE)
    before = now() - NOBODY_GOES_ON
    rows = session.scalars(
        select(Sample)
        .where(
            or_(
                and_(Sample.state == SampleState.REQUESTED, Sample.asked_at < before),
                and_(Sample.state.in_(waits), Sample.decided_at < before),
            )
        )
        .order_by(Sample.id)
        .limit(AT_ONCE)
        .with_for_update(of=Sample)
    ).all()
    for row in rows:
        row.state = advance(SampleState(row.state), SampleState.CANCELLED, SAMPLE_MOVES)
        row.ended_at = now()
        payment = payment_about(session, row.about)
        if payment is not None:
            cancel_payment(session, payment)
        note_moment(session, row.rfq_id, MomentCode.SAMPLE_LAPSED, Side.PROGRAMME, recipient_id=row.recipient_id)
    return len(rows)


def record_inquiries(session: Session) -> int:
    """Count leads that reached a seller and are not counted yet; gives how many."""
    about = "recipient:" + cast(Recipient.id, String)
    rows = session.execute(
        select(Recipient.id, Recipient.seller_id, Recipient.invited_at, Rfq.buyer_id, Rfq.chapter_id, Fair.code)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .outerjoin(Fair, Fair.id == Rfq.fair_id)
        .where(Rfq.opened_at.is_not(None), ~exists().where(Outcome.about == about))
        .order_by(Recipient.id)
        .limit(AT_ONCE)
    ).all()
    for key, seller_id, invited_at, buyer_id, chapter_id, fair in rows:
        session.add(
            Outcome(
                about=f"recipient:{key}",
                kind=OutcomeKind.INQUIRY,
                at=invited_at,
                seller_id=seller_id,
                buyer_id=buyer_id,
                chapter_id=chapter_id,
                fair=fair or "",
            )
        )
    return len(rows)


def begin_missing(session: Session) -> int:
    """Begin the way of agreements that were made before there was one; gives how many."""
    keys = session.scalars(
        select(Deal.id).where(~exists().where(Order.deal_id == Deal.id)).order_by(Deal.id).limit(AT_ONCE)
    ).all()
    for key in keys:
        begin_order(session, key)
        record_order(session, key)
    return len(keys)
