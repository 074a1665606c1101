"""Quotes, samples and deals: which endpoints are told. Prices go to the two sides alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from marketplace.kernel.events import on
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
from marketplace.orders.models import Order, Sample
from marketplace.quotes.events import (
    DealAgreed,
    QuoteCountered,
    QuoteDeclined,
    QuoteEnding,
    QuoteSent,
    QuoteWithdrawn,
)
from marketplace.quotes.models import Deal, Quote, QuoteVersion
from marketplace.webhooks.rules import Happening
from marketplace.webhooks.services import lead_of, tell
from marketplace.webhooks.services.telling import ALL, is_heard


@on(QuoteSent)
def tell_quote(session: Session, event: QuoteSent) -> None:
    """The buyer can read a quote or a new version."""
    _of_version(session, Happening.QUOTE_SENT, event.version_id)


@on(QuoteCountered)
def tell_counter(session: Session, event: QuoteCountered) -> None:
    """The buyer made a counter-offer."""
    _of_version(session, Happening.QUOTE_COUNTERED, event.version_id)


@on(QuoteDeclined)
def tell_declined(session: Session, event: QuoteDeclined) -> None:
    """One side said no to the other's version."""
    _of_version(session, Happening.QUOTE_DECLINED, event.version_id)


@on(QuoteWithdrawn)
def tell_withdrawn(session: Session, event: QuoteWithdrawn) -> None:
    """The seller took a version back."""
    _of_version(session, Happening.QUOTE_WITHDRAWN, event.version_id)


@on(QuoteEnding)
def tell_ending(session: Session, event: QuoteEnding) -> None:
    """Three days are left."""
    _of_version(session, Happening.QUOTE_ENDING, event.version_id)


@on(SampleAsked)
def tell_asked(session: Session, event: SampleAsked) -> None:
    """The buyer wants a sample."""
    _of_sample(session, Happening.SAMPLE_ASKED, event.sample_id)


@on(SampleApproved)
def tell_approved(session: Session, event: SampleApproved) -> None:
    """The seller sends one."""
    _of_sample(session, Happening.SAMPLE_APPROVED, event.sample_id)


@on(SampleDeclined)
def tell_no_sample(session: Session, event: SampleDeclined) -> None:
    """The seller sends none."""
    _of_sample(session, Happening.SAMPLE_DECLINED, event.sample_id)


@on(SamplePaid)
def tell_paid(session: Session, event: SamplePaid) -> None:
    """It is paid."""
    _of_sample(session, Happening.SAMPLE_PAID, event.sample_id)


@on(SampleShipped)
def tell_shipped(session: Session, event: SampleShipped) -> None:
    """It is on its way."""
    _of_sample(session, Happening.SAMPLE_SHIPPED, event.sample_id)


@on(SampleDelivered)
def tell_delivered(session: Session, event: SampleDelivered) -> None:
    """It arrived."""
    _of_sample(session, Happening.SAMPLE_DELIVERED, event.sample_id)


@on(SampleJudged)
def tell_judged(session: Session, event: SampleJudged) -> None:
    """The buyer wrote what they think; the words stay on the page."""
    _of_sample(session, Happening.SAMPLE_JUDGED, event.sample_id)


@on(DealAgreed)
def tell_agreed(session: Session, event: DealAgreed) -> None:
    """Both sides agreed."""
    if is_heard(session):
        deal = session.get_one(Deal, event.deal_id)
        _of_deal(session, Happening.DEAL_AGREED, deal, {"by": deal.accepted_side})


@on(OrderMoved)
def tell_step(session: Session, event: OrderMoved) -> None:
    """One side reported a step."""
    said = {"step": event.milestone, "by": event.side}
    _of_order(session, Happening.DEAL_STEP_REPORTED, event.order_id, said)


@on(StepCountersigned)
def tell_countersigned(session: Session, event: StepCountersigned) -> None:
    """The other side confirmed a step."""
    said = {"step": event.milestone, "by": event.side}
    _of_order(session, Happening.DEAL_STEP_COUNTERSIGNED, event.order_id, said)


@on(OrderDisputed)
def tell_disputed(session: Session, event: OrderDisputed) -> None:
    """One side stopped the deal."""
    _of_order(session, Happening.DEAL_DISPUTED, event.order_id, {"by": event.side})


@on(DisputeWithdrawn)
def tell_goes_on(session: Session, event: DisputeWithdrawn) -> None:
    """It goes on."""
    _of_order(session, Happening.DEAL_DISPUTE_OVER, event.order_id, {"by": event.side})


@on(CancellationAsked)
def tell_asked_to_cancel(session: Session, event: CancellationAsked) -> None:
    """One side wants to cancel."""
    _of_order(session, Happening.DEAL_CANCELLATION_ASKED, event.order_id, {"by": event.side})


@on(CancellationDropped)
def tell_not_cancelled(session: Session, event: CancellationDropped) -> None:
    """It is not cancelled."""
    _of_order(session, Happening.DEAL_CANCELLATION_DROPPED, event.order_id, {"by": event.side})


@on(OrderCancelled)
def tell_cancelled(session: Session, event: OrderCancelled) -> None:
    """Both sides cancelled it."""
    _of_order(session, Happening.DEAL_CANCELLED, event.order_id, {"by": event.side})


@on(OrderSettled)
def tell_settled(session: Session, event: OrderSettled) -> None:
    """It is done."""
    _of_order(session, Happening.DEAL_SETTLED, event.order_id, {})


def _of_version(session: Session, kind: Happening, version_id: int) -> None:
    if not is_heard(session):
        return
    row = session.get_one(QuoteVersion, version_id)
    lead = lead_of(session, session.get_one(Quote, row.quote_id).recipient_id)
    if lead is not None:
        said = {
            "number": row.number,
            "by": row.author_side,
            "total": str(row.total.amount),
            "currency": row.currency,
            "incoterm": row.incoterm,
            "valid_until": row.valid_until.isoformat() if row.valid_until is not None else None,
        }
        tell(session, kind, lead, for_sides=said)


def _of_sample(session: Session, kind: Happening, sample_id: int) -> None:
    if not is_heard(session):
        return
    row = session.get_one(Sample, sample_id)
    lead = lead_of(session, row.recipient_id)
    if lead is not None:
        tell(session, kind, lead, ALL, {"sample": row.key, "sample_state": row.state}, path=f"/samples/{row.key}")


def _of_order(session: Session, kind: Happening, order_id: int, said: dict[str, Any]) -> None:
    if not is_heard(session):
        return
    order = session.get_one(Order, order_id)
    deal = session.get_one(Deal, order.deal_id)
    _of_deal(session, kind, deal, {"deal_state": order.state, **said})


def _of_deal(session: Session, kind: Happening, deal: Deal, said: dict[str, Any]) -> None:
    lead = lead_of(session, deal.recipient_id)
    if lead is not None:
        price = {"total": str(deal.total.amount), "currency": deal.currency}
        path = f"/deals/{deal.key}/progress"
        tell(session, kind, lead, ALL, {"deal": deal.key, **said}, for_sides=price, path=path)
