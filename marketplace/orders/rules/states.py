"""The life of samples and of deals on their way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.rfqs.rules import Side


class SampleKind(StrEnum):
    """What a sample stands for, in the order in which a trade asks for them."""

    OFFER = "offer"  # the very lot on offer
    TYPE = "type"  # the sort in general
    EVALUATION = "evaluation"  # a lot that is not prepared yet, as coffee before milling
    APPROVAL = "approval"  # made for the buyer: production begins once it is agreed to
    PRE_SHIPMENT = "pre_shipment"  # the goods before they leave
    CONTROL = "control"  # goods that were sent or kept back, to compare with what was agreed


class SampleState(StrEnum):
    REQUESTED = "requested"
    DECLINED = "declined"
    FREE = "free"
    PAYMENT_DUE = "payment_due"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    FEEDBACK = "feedback"
    CLOSED = "closed"
    CANCELLED = "cancelled"


SAMPLE_MOVES = {
    SampleState.REQUESTED: frozenset(
        {SampleState.FREE, SampleState.PAYMENT_DUE, SampleState.DECLINED, SampleState.CANCELLED}
    ),
    SampleState.FREE: frozenset({SampleState.SHIPPED, SampleState.CANCELLED}),
    SampleState.PAYMENT_DUE: frozenset({SampleState.PAID, SampleState.CANCELLED}),
    SampleState.PAID: frozenset({SampleState.SHIPPED}),
    SampleState.SHIPPED: frozenset({SampleState.DELIVERED}),
    SampleState.DELIVERED: frozenset({SampleState.FEEDBACK, SampleState.CLOSED}),
    SampleState.FEEDBACK: frozenset({SampleState.CLOSED}),
    SampleState.DECLINED: frozenset[SampleState](),
    SampleState.CLOSED: frozenset[SampleState](),
    SampleState.CANCELLED: frozenset[SampleState](),
}
SAMPLE_OVER = frozenset({SampleState.DECLINED, SampleState.CLOSED, SampleState.CANCELLED})
READY_TO_SHIP = frozenset({SampleState.FREE, SampleState.PAID})


class SampleDecline(StrEnum):
    """Why a seller sends no sample."""

    NONE_LEFT = "none_left"
    NOT_IN_SEASON = "not_in_season"
    DESTINATION = "destination"
    TOO_EARLY = "too_early"
    OTHER = "other"


class Verdict(StrEnum):
    """What a buyer concludes from a sample."""

    SUITS = "suits"
    SUITS_WITH_CHANGES = "suits_with_changes"
    DOES_NOT_SUIT = "does_not_suit"


class MoneyWord(StrEnum):
    """What the seller says became of money that is still due when a deal is settled."""

    ELSEWHERE = "elsewhere"
    WAIVED = "waived"


class OrderState(StrEnum):
    """Where an agreed deal stands on its way."""

    DEPOSIT_DUE = "deposit_due"
    IN_PRODUCTION = "in_production"
    PAPERS_READY = "papers_ready"
    SHIPPED = "shipped"
    ARRIVED = "arrived"
    SETTLED = "settled"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"


_STOPS = frozenset({OrderState.DISPUTED, OrderState.CANCELLED})
ORDER_MOVES = {
    OrderState.DEPOSIT_DUE: frozenset({OrderState.IN_PRODUCTION}) | _STOPS,
    OrderState.IN_PRODUCTION: frozenset({OrderState.PAPERS_READY}) | _STOPS,
    OrderState.PAPERS_READY: frozenset({OrderState.SHIPPED}) | _STOPS,
    OrderState.SHIPPED: frozenset({OrderState.ARRIVED}) | _STOPS,
    OrderState.ARRIVED: frozenset({OrderState.SETTLED}) | _STOPS,
    # a dispute that its side withdraws goes back to where the deal stood
    OrderState.DISPUTED: frozenset(set(OrderState) - {OrderState.SETTLED, OrderState.DISPUTED}),
    OrderState.SETTLED: frozenset[OrderState](),
    OrderState.CANCELLED: frozenset[OrderState](),
}
MILESTONES = (
    OrderState.IN_PRODUCTION,
    OrderState.PAPERS_READY,
    OrderState.SHIPPED,
    OrderState.ARRIVED,
    OrderState.SETTLED,
)
ORDER_OVER = frozenset({OrderState.SETTLED, OrderState.CANCELLED})
# how long the other side may object to a settlement that one side alone reports
TIME_TO_OBJECT = timedelta(days=14)


def next_milestone(state: OrderState) -> OrderState | None:
    """The step that comes after ``state``; None where the way is over or stopped."""
    return next((step for step in MILESTONES if step in ORDER_MOVES[state]), None) if state not in _STOPS else None


def may_report(state: OrderState, milestone: OrderState, side: Side) -> bool:
    """Either side reports the next step; only the seller begins before the deposit has arrived, at its own risk."""
    if milestone is not next_milestone(state):
        return False
    return side is Side.SELLER if state is OrderState.DEPOSIT_DUE else side in {Side.BUYER, Side.SELLER}


def settles_at(reported_at: datetime | None, countersigned_at: datetime | None) -> datetime | None:
    """When a settlement that one side alone reported holds without the other's word; None where nothing waits."""
    return None if reported_at is None or countersigned_at is not None else reported_at + TIME_TO_OBJECT


def due_on(fixed: date | None, days_from_deposit: int | None, deposit_paid_at: datetime | None) -> date | None:
    """The day a step is expected: stated, or so many days from the deposit once that has arrived."""
    if fixed is not None:
        return fixed
    if days_from_deposit is None or deposit_paid_at is None:
        return None
    return deposit_paid_at.date() + timedelta(days=days_from_deposit)
