"""From the rows of a payment to its facts, its state and its bookings: the same whatever order things came in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.events import record
from marketplace.kernel.money import Money
from marketplace.payments.events import DisputeClosed, PaymentDisputed, PaymentRefunded, PaymentSettled, RefundArrived
from marketplace.payments.models import CheckoutAttempt, Dispute, Payment, Refund
from marketplace.payments.rules import AttemptState, DisputeState, Facts, PaymentState, RefundState, state_of
from marketplace.payments.services.bookings import book_disputes, book_refunds, book_settlement

_TOLD = {
    PaymentState.PARTLY_REFUNDED: PaymentRefunded,
    PaymentState.REFUNDED: PaymentRefunded,
    PaymentState.DISPUTED: PaymentDisputed,
    PaymentState.CHARGED_BACK: DisputeClosed,
}


def facts_of(session: Session, payment: Payment) -> Facts:
    """What the rows of a payment say."""
    refunds = session.scalars(select(Refund).where(Refund.payment_id == payment.id)).all()
    return Facts(
        minor=payment.minor,
        is_paid=payment.paid_at is not None,
        is_cancelled=payment.cancelled_at is not None,
        is_processing=session.scalar(
            select(CheckoutAttempt.id)
            .where(CheckoutAttempt.payment_id == payment.id, CheckoutAttempt.state == AttemptState.PROCESSING)
            .limit(1)
        )
        is not None,
        refunded_minor=sum(one.minor for one in refunds if one.state == RefundState.SUCCEEDED),
        dispute=_weightiest(session.scalars(select(Dispute.state).where(Dispute.payment_id == payment.id))),
    )


def minor_gone(session: Session, payment: Payment) -> int:
    """What of a payment is gone for good, in smallest units: refunds that succeeded, disputes that were lost."""
    refunds = select(func.coalesce(func.sum(Refund.minor), 0)).where(
        Refund.payment_id == payment.id, Refund.state == RefundState.SUCCEEDED
    )
    disputes = select(func.coalesce(func.sum(Dispute.minor), 0)).where(
        Dispute.payment_id == payment.id, Dispute.state == DisputeState.LOST
    )
    return int(session.scalar(refunds) or 0) + int(session.scalar(disputes) or 0)


def _weightiest(states: Iterable[str]) -> DisputeState | None:
    known = {DisputeState(state) for state in states}
    return next((state for state in (DisputeState.LOST, DisputeState.OPEN, DisputeState.WON) if state in known), None)


def settle(session: Session, payment: Payment) -> None:
    """Bring state and ledger in line with the facts, and tell what is new. Doing it again changes nothing."""
    session.flush()
    before, after = PaymentState(payment.state), state_of(facts_of(session, payment))
    more_gone: list[type[PaymentRefunded | DisputeClosed]] = []
    if payment.paid_at is not None:
        amount = Money(payment.minor, payment.currency)
        if book_settlement(session, payment, amount):
            record(session, PaymentSettled(payment_id=payment.id))
        for refund in book_refunds(session, payment, amount):
            record(session, RefundArrived(refund_id=refund.id))
            more_gone.append(PaymentRefunded)
        if book_disputes(session, payment, amount):
            more_gone.append(DisputeClosed)
    if after is before:
        if after is PaymentState.CHARGED_BACK:  # the bank had taken a part of it, and now more has gone
            for kind in dict.fromkeys(more_gone):
                record(session, kind(payment_id=payment.id))
        return
    payment.state = after
    if before is PaymentState.DISPUTED and after is not PaymentState.CHARGED_BACK:
        record(session, DisputeClosed(payment_id=payment.id))
    elif after in _TOLD:
        record(session, _TOLD[after](payment_id=payment.id))
