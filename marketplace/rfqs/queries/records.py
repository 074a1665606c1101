"""A buyer's earlier dealings as sellers may know them: counts, no seller, no goods, no amount."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from marketplace.payments.models import Payment
from marketplace.payments.rules import PaymentState, Purpose
from marketplace.rfqs.earnest import BuyerRecord
from marketplace.rfqs.models import Recipient, Rfq, RfqMoment
from marketplace.rfqs.rules import MomentCode, RfqState

_OVER = (RfqState.AWARDED, RfqState.CLOSED_NO_AWARD, RfqState.CANCELLED, RfqState.EXPIRED)
_OF_TRADE = (Purpose.SAMPLE, Purpose.DEPOSIT, Purpose.BALANCE)


def record_of(session: Session, buyer_id: int, besides: Rfq | None = None) -> BuyerRecord:
    """Everything a buyer's company has dealt so far.

    ``besides`` is the request that a seller is looking at. Of it, and of all that are not over yet, nothing is told
    but that there are some: answers, samples and payments would be those of rivals.
    """
    own: list[ColumnElement[bool]] = [Rfq.buyer_id == buyer_id, Rfq.opened_at.is_not(None)]
    if besides is not None:
        own.append(Rfq.id != besides.id)
    over = Rfq.state.in_(_OVER)
    live = select(func.min(Rfq.opened_at)).where(Rfq.buyer_id == buyer_id, Rfq.opened_at.is_not(None), ~over)
    before = session.scalar(live)
    states: dict[str, int] = dict(
        session.execute(select(Rfq.state, func.count(Rfq.id)).where(*own).group_by(Rfq.state)).all()
    )
    codes = (MomentCode.SAMPLE_ARRIVED, MomentCode.SAMPLE_JUDGED)
    steps: dict[str, int] = dict(
        session.execute(
            select(RfqMoment.code, func.count(RfqMoment.id))
            .join(Rfq, Rfq.id == RfqMoment.rfq_id)
            .where(*own, over, RfqMoment.code.in_(codes))
            .group_by(RfqMoment.code)
        ).all()
    )
    answered = (
        select(func.count(func.distinct(Rfq.id)))
        .join(Recipient, Recipient.rfq_id == Rfq.id)
        .where(*own, over, Recipient.committed_at.is_not(None))
    )
    asked, made = session.execute(_payments(buyer_id, before)).one()
    return BuyerRecord(
        requests=sum(number for state, number in states.items() if state != RfqState.REJECTED_SPAM),
        answered=session.scalar(answered) or 0,
        agreed=states.get(RfqState.AWARDED, 0),
        closed=states.get(RfqState.CLOSED_NO_AWARD, 0) + states.get(RfqState.CANCELLED, 0),
        ran_out=states.get(RfqState.EXPIRED, 0),
        samples_arrived=steps.get(MomentCode.SAMPLE_ARRIVED, 0),
        samples_judged=steps.get(MomentCode.SAMPLE_JUDGED, 0),
        payments_asked=asked,
        payments_made=made,
    )


def _payments(buyer_id: int, before: datetime | None) -> Select[int, int]:
    """How many amounts of its trade were asked of a buyer (before its first request that still runs), and how many it
    paid."""
    query = select(func.count(Payment.id), func.count(Payment.paid_at)).where(
        Payment.payer_id == buyer_id, Payment.purpose.in_(_OF_TRADE), Payment.state != PaymentState.CANCELLED
    )
    return query if before is None else query.where(Payment.created_at < before)
