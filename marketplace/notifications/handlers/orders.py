"""Samples and deals on their way: what their events tell the other side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.events import on
from marketplace.notifications.handlers.money_of_orders import balance_due_with
from marketplace.notifications.handlers.rfqs import Lead, lead_of, lead_of_deal, tell_buyer, tell_seller
from marketplace.notifications.rules import Kind
from marketplace.orders.events import (
    CancellationAsked,
    CancellationDropped,
    DisputeWithdrawn,
    OrderCancelled,
    OrderDisputed,
    OrderMoved,
    OrderSettled,
    SampleApproved,
    SampleAsked,
    SampleDeclined,
    SampleDelivered,
    SampleJudged,
    SamplePaid,
    SampleShipped,
    StepCountersigned,
)
from marketplace.orders.models import Order, OrderStep, Sample
from marketplace.orders.rules import SampleState
from marketplace.quotes.models import Deal
from marketplace.rfqs.rules import Side


@on(SampleAsked)
def say_asked(session: Session, event: SampleAsked) -> None:
    """The seller learns that a sample is wanted."""
    _of_sample(session, event.sample_id, Kind.SAMPLE_ASKED)


@on(SamplePaid)
def say_paid(session: Session, event: SamplePaid) -> None:
    """The seller learns that it is time to send it."""
    _of_sample(session, event.sample_id, Kind.SAMPLE_PAID)


@on(SampleDelivered)
def say_arrived(session: Session, event: SampleDelivered) -> None:
    """The seller learns that it arrived."""
    _of_sample(session, event.sample_id, Kind.SAMPLE_ARRIVED)


@on(SampleJudged)
def say_judged(session: Session, event: SampleJudged) -> None:
    """The seller learns of the feedback."""
    _of_sample(session, event.sample_id, Kind.SAMPLE_JUDGED)


@on(SampleApproved)
def say_approved(session: Session, event: SampleApproved) -> None:
    """The buyer learns of the yes."""
    row = session.get_one(Sample, event.sample_id)
    news = "sample_due" if row.state == SampleState.PAYMENT_DUE else "sample_free"
    _of_sample(session, event.sample_id, Kind.SAMPLE_APPROVED, news=news)


@on(SampleDeclined)
def say_declined(session: Session, event: SampleDeclined) -> None:
    """The buyer learns of the no; the reason stands on the page."""
    _of_sample(session, event.sample_id, Kind.SAMPLE_DECLINED)


@on(SampleShipped)
def say_sent(session: Session, event: SampleShipped) -> None:
    """The buyer learns that it is on its way, and with whom."""
    row = session.get_one(Sample, event.sample_id)
    _of_sample(session, event.sample_id, Kind.SAMPLE_SENT, **_carriage(row))


@on(OrderMoved)
def say_moved(session: Session, event: OrderMoved) -> None:
    """The other side is asked to countersign; that production begins with a paid deposit needs no second word."""
    query = select(OrderStep.countersigned_at).where(
        OrderStep.order_id == event.order_id, OrderStep.milestone == event.milestone
    )
    news = "deposit" if session.scalar(query) is not None else f"step_by_{event.side}"
    if event.side == Side.SELLER:
        deal = session.get_one(Deal, session.get_one(Order, event.order_id).deal_id)
        if balance_due_with(session, deal, event.milestone) is not None:
            news = "step_and_balance"
    _of_order(session, event.order_id, event.side, "step", event.milestone, news, step=event.milestone)


@on(StepCountersigned)
def note_countersigned(session: Session, event: StepCountersigned) -> None:
    """No notice: it stands on the page, and nothing is to be done."""


@on(OrderDisputed)
def say_disputed(session: Session, event: OrderDisputed) -> None:
    """The other side reads why."""
    _of_order(session, event.order_id, event.side, "stopped", "dispute", f"dispute_by_{event.side}")


@on(CancellationAsked)
def say_asked_to_cancel(session: Session, event: CancellationAsked) -> None:
    """The other side decides."""
    _of_order(session, event.order_id, event.side, "stopped", "cancel", f"cancel_by_{event.side}")


@on(DisputeWithdrawn)
def say_goes_on(session: Session, event: DisputeWithdrawn) -> None:
    """The other side learns that the deal goes on."""
    _of_order(session, event.order_id, event.side, "changed", "dispute", "goes_on")


@on(CancellationDropped)
def say_not_cancelled(session: Session, event: CancellationDropped) -> None:
    """The other side learns that the deal goes on."""
    _of_order(session, event.order_id, event.side, "changed", "keep", "kept")


@on(OrderCancelled)
def say_cancelled(session: Session, event: OrderCancelled) -> None:
    """Who asked for it learns that the deal is cancelled."""
    _of_order(session, event.order_id, event.side, "changed", "cancel", "cancelled")


@on(OrderSettled)
def say_settled(session: Session, event: OrderSettled) -> None:
    """Both sides learn that the time to object has run."""
    for side in (Side.BUYER, Side.SELLER):
        _of_order(session, event.order_id, side, "changed", "settled", "settled")


_PLAIN_CARRIER = re.compile(r"[\w &()+'’-]{2,40}")
_PLAIN_NUMBER = re.compile(r"[A-Za-z0-9 /-]{3,40}")
_TO_SELLER = {Kind.SAMPLE_ASKED, Kind.SAMPLE_PAID, Kind.SAMPLE_ARRIVED, Kind.SAMPLE_JUDGED}
_OF_DEALS = {
    ("step", Side.SELLER): Kind.DEAL_STEP_SELLER,
    ("step", Side.BUYER): Kind.DEAL_STEP_BUYER,
    ("stopped", Side.SELLER): Kind.DEAL_STOPPED_SELLER,
    ("stopped", Side.BUYER): Kind.DEAL_STOPPED_BUYER,
    ("changed", Side.SELLER): Kind.DEAL_CHANGED_SELLER,
    ("changed", Side.BUYER): Kind.DEAL_CHANGED_BUYER,
}


def _of_sample(session: Session, sample_id: int, kind: Kind, **facts: str) -> None:
    row = session.get_one(Sample, sample_id)
    lead = _with(lead_of(session, row.recipient_id), facts)
    tell = tell_seller if kind in _TO_SELLER else tell_buyer
    tell(session, lead, kind, f"sample:{row.id}", f"/samples/{row.key}")


def _of_order(session: Session, order_id: int, side: str, what: str, detail: str, news: str, **facts: str) -> None:
    """Tell the side that did not act; each change of the same deal is news."""
    order = session.get_one(Order, order_id)
    deal = session.get_one(Deal, order.deal_id)
    lead = _with(lead_of_deal(session, deal), {"news": news, **facts})
    about, path = f"order:{order.id}:{detail}:{order.version}", f"/deals/{deal.key}/progress"
    if side == Side.BUYER:
        tell_seller(session, lead, _OF_DEALS[what, Side.SELLER], about, path)
    else:
        tell_buyer(session, lead, _OF_DEALS[what, Side.BUYER], about, path)


def _with(lead: Lead, facts: Mapping[str, str]) -> Lead:
    return replace(lead, context={**lead.context, **facts})


def _carriage(row: Sample) -> dict[str, str]:
    """Who carries a sample and under which number, where they are plain names: a mail takes along no link."""
    if not _PLAIN_CARRIER.fullmatch(row.carrier):
        return {}
    tracking = row.tracking if _PLAIN_NUMBER.fullmatch(row.tracking) else ""
    return {"carrier": row.carrier, "tracking": tracking}
