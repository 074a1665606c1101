"""Samples and deals on their way: what their events tell the other side."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.kernel.events import on
from marketplace.notifications.handlers.rfqs import lead_of, lead_of_deal, tell_buyer, tell_seller
from marketplace.notifications.rules import Kind
from marketplace.orders.events import (
    CancellationAsked,
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
from marketplace.orders.models import Order, Sample
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
    _of_sample(session, event.sample_id, Kind.SAMPLE_APPROVED)


@on(SampleDeclined)
def say_declined(session: Session, event: SampleDeclined) -> None:
    """The buyer learns of the no; the reason stands on the page."""
    _of_sample(session, event.sample_id, Kind.SAMPLE_DECLINED)


@on(SampleShipped)
def say_sent(session: Session, event: SampleShipped) -> None:
    """The buyer learns that it is on its way."""
    _of_sample(session, event.sample_id, Kind.SAMPLE_SENT)


@on(OrderMoved)
def say_moved(session: Session, event: OrderMoved) -> None:
    """The other side is asked to countersign."""
    _of_order(session, event.order_id, event.side, "step", event.milestone)


@on(StepCountersigned)
def note_countersigned(session: Session, event: StepCountersigned) -> None:
    """No notice: it stands on the page, and nothing is to be done."""


@on(OrderDisputed)
def say_disputed(session: Session, event: OrderDisputed) -> None:
    """The other side reads why."""
    _of_order(session, event.order_id, event.side, "stopped", "dispute")


@on(CancellationAsked)
def say_asked_to_cancel(session: Session, event: CancellationAsked) -> None:
    """The other side decides."""
    _of_order(session, event.order_id, event.side, "stopped", "cancel")


@on(DisputeWithdrawn)
def say_goes_on(session: Session, event: DisputeWithdrawn) -> None:
    """The other side learns that the deal goes on."""
    _of_order(session, event.order_id, event.side, "changed", "dispute")


@on(OrderCancelled)
def say_cancelled(session: Session, event: OrderCancelled) -> None:
    """Who asked for it learns that the deal is cancelled."""
    _of_order(session, event.order_id, event.side, "changed", "cancel")


@on(OrderSettled)
def say_settled(session: Session, event: OrderSettled) -> None:
    """Both sides learn that the time to object has run."""
    for side in (Side.BUYER, Side.SELLER):
        _of_order(session, event.order_id, side, "changed", "settled")


_TO_SELLER = {Kind.SAMPLE_ASKED, Kind.SAMPLE_PAID, Kind.SAMPLE_ARRIVED, Kind.SAMPLE_JUDGED}
_OF_DEALS = {
    ("step", Side.SELLER): Kind.DEAL_STEP_SELLER,
    ("step", Side.BUYER): Kind.DEAL_STEP_BUYER,
    ("stopped", Side.SELLER): Kind.DEAL_STOPPED_SELLER,
    ("stopped", Side.BUYER): Kind.DEAL_STOPPED_BUYER,
    ("changed", Side.SELLER): Kind.DEAL_CHANGED_SELLER,
    ("changed", Side.BUYER): Kind.DEAL_CHANGED_BUYER,
}


def _of_sample(session: Session, sample_id: int, kind: Kind) -> None:
    row = session.get_one(Sample, sample_id)
    lead = lead_of(session, row.recipient_id)
    tell = tell_seller if kind in _TO_SELLER else tell_buyer
    tell(session, lead, kind, f"sample:{row.id}", f"/samples/{row.key}")


def _of_order(session: Session, order_id: int, side: str, what: str, detail: str) -> None:
    """Tell the side that did not act; each change of the same deal is news."""
    order = session.get_one(Order, order_id)
    deal = session.get_one(Deal, order.deal_id)
    lead = lead_of_deal(session, deal)
    about, path = f"order:{order.id}:{detail}:{order.version}", f"/deals/{deal.key}/progress"
    if side == Side.BUYER:
        tell_seller(session, lead, _OF_DEALS[what, Side.SELLER], about, path)
    else:
        tell_buyer(session, lead, _OF_DEALS[what, Side.BUYER], about, path)
