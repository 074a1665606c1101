"""A sample that arrived and a deal that is settled let the buyer be asked for a review."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace.kernel.events import on
from marketplace.kernel.outbox import enqueue
from marketplace.orders.events import OrderSettled, SampleDelivered, StepCountersigned
from marketplace.orders.models import Order
from marketplace.orders.rules import OrderState
from marketplace.reviews.rules import ASKED_AFTER, Occasion


@on(SampleDelivered)
def ask_after_sample(session: Session, event: SampleDelivered) -> None:
    """Some days later, when it was tried."""
    _ask(session, Occasion.SAMPLE, event.sample_id, ASKED_AFTER)


@on(OrderSettled)
def ask_after_silence(session: Session, event: OrderSettled) -> None:
    """The deal is settled because nobody objected."""
    _ask(session, Occasion.DEAL, session.get_one(Order, event.order_id).deal_id)


@on(StepCountersigned)
def ask_after_settlement(session: Session, event: StepCountersigned) -> None:
    """The deal is settled by both sides' word."""
    order = session.get_one(Order, event.order_id)
    if event.milestone == OrderState.SETTLED and order.state == OrderState.SETTLED:
        _ask(session, Occasion.DEAL, order.deal_id)


def _ask(session: Session, kind: Occasion, key: int, delay: timedelta = timedelta(0)) -> None:
    enqueue(session, "reviews.ask", dedupe_key=f"review:{kind}:{key}", delay=delay, kind=kind.value, key=key)
