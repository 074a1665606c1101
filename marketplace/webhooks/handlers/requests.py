"""Requests, leads and messages: which endpoints are told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.events import on
from marketplace.quotes.events import QuoteCapReached
from marketplace.rfqs.events import (
    InformationAsked,
    LeadAnswered,
    LeadDeclined,
    LeadHandedOn,
    MessageSent,
    RecipientInvited,
    RfqAwarded,
    RfqClosed,
    RfqSent,
)
from marketplace.rfqs.models import Message, Recipient, Rfq, RfqLine, RfqMoment
from marketplace.rfqs.rules import MomentCode, RecipientState
from marketplace.webhooks.rules import Happening
from marketplace.webhooks.services import lead_of, tell, tell_of_request
from marketplace.webhooks.services.telling import BUYER, SELLER, is_heard

_SELLER = frozenset({SELLER})
_BUYER = frozenset({BUYER})


@on(RfqSent)
def tell_sent(session: Session, event: RfqSent) -> None:
    """The buyer's request is open."""
    if is_heard(session):
        asked = _asked(session, event.rfq_id)
        # a chapter's own pages name the goods and no quantities
        goods = {**asked, "lines": [{"commodity": line["commodity"]} for line in asked["lines"]]}
        tell_of_request(session, Happening.RFQ_SENT, event.rfq_id, goods, for_buyer=asked)


@on(RecipientInvited)
def tell_received(session: Session, event: RecipientInvited) -> None:
    """The seller has a new lead; what is asked for stands in their inbox too, the buyer's name does not."""
    lead = lead_of(session, event.recipient_id)
    if lead is not None:
        rfq_id = session.get_one(Recipient, event.recipient_id).rfq_id
        tell(session, Happening.RFQ_RECEIVED, lead, _SELLER, _asked(session, rfq_id))


@on(LeadAnswered)
def tell_answered(session: Session, event: LeadAnswered) -> None:
    """A seller wants to quote."""
    _of_lead(session, Happening.RFQ_ANSWERED, event.recipient_id)


@on(LeadDeclined)
def tell_declined(session: Session, event: LeadDeclined) -> None:
    """A seller said no, for a reason from a list."""
    lead = lead_of(session, event.recipient_id)
    if lead is not None:
        reason = session.get_one(Recipient, event.recipient_id).decline_reason
        tell(session, Happening.RFQ_DECLINED, lead, data={"reason": reason})


@on(LeadHandedOn)
def tell_handed_on(session: Session, event: LeadHandedOn) -> None:
    """Another seller has the lead: each side hears of it by its own."""
    former, lead = lead_of(session, event.from_recipient_id), lead_of(session, event.recipient_id)
    if former is not None and lead is not None:
        tell(session, Happening.RFQ_HANDED_ON, former, _SELLER)
        tell(session, Happening.RFQ_HANDED_ON, lead, _BUYER, {"former_lead": former.key})


@on(InformationAsked)
def tell_question(session: Session, event: InformationAsked) -> None:
    """The seller waits for the buyer's information."""
    _of_lead(session, Happening.RFQ_QUESTION, event.recipient_id)


@on(MessageSent)
def tell_message(session: Session, event: MessageSent) -> None:
    """Somebody wrote; the words stay on the page."""
    lead = lead_of(session, event.recipient_id)
    if lead is not None:
        side = session.get_one(Message, event.message_id).side
        tell(session, Happening.RFQ_MESSAGE, lead, data={"by": side})


@on(RfqClosed)
def tell_closed(session: Session, event: RfqClosed) -> None:
    """The request is over without an agreement. Who was out of it before is told nothing new."""
    if not is_heard(session):
        return
    tell_of_request(session, Happening.RFQ_CLOSED, event.rfq_id)
    over = select(RfqMoment.recipient_id).where(
        RfqMoment.rfq_id == event.rfq_id,
        RfqMoment.recipient_id.is_not(None),
        RfqMoment.code.in_([MomentCode.HANDED_ON, MomentCode.ENOUGH_QUOTES]),
    )
    asked = select(Recipient.id).where(
        Recipient.rfq_id == event.rfq_id, Recipient.state != RecipientState.DECLINED, Recipient.id.not_in(over)
    )
    for key in session.scalars(asked.order_by(Recipient.id)).all():
        _to_seller(session, Happening.RFQ_CLOSED, key)


@on(QuoteCapReached)
def tell_full(session: Session, event: QuoteCapReached) -> None:
    """The buyer takes no more quotes: for this seller the request is over."""
    _to_seller(session, Happening.RFQ_CLOSED, event.recipient_id)


@on(RfqAwarded)
def tell_awarded(session: Session, event: RfqAwarded) -> None:
    """The two sides learn of the award; who is left over learns that it is over, and no more."""
    _of_lead(session, Happening.RFQ_AWARDED, event.recipient_id)
    for key in event.closed:
        _to_seller(session, Happening.RFQ_CLOSED, key)


def _of_lead(session: Session, kind: Happening, recipient_id: int) -> None:
    lead = lead_of(session, recipient_id)
    if lead is not None:
        tell(session, kind, lead)


def _to_seller(session: Session, kind: Happening, recipient_id: int) -> None:
    lead = lead_of(session, recipient_id)
    if lead is not None:
        tell(session, kind, lead, _SELLER)


def _asked(session: Session, rfq_id: int) -> dict[str, Any]:
    """Goods, quantities and destination; the buyer's own words stay on the page."""
    rows = session.execute(
        select(RfqLine.commodity, Product.commodity, RfqLine.quantity, RfqLine.unit)
        .outerjoin(Product, Product.id == RfqLine.product_id)
        .where(RfqLine.rfq_id == rfq_id)
        .order_by(RfqLine.position, RfqLine.id)
    )
    lines = [
        {
            "commodity": own or of_product or "",
            "quantity": None if quantity is None else f"{quantity.normalize():f}",
            "unit": unit,
        }
        for own, of_product, quantity, unit in rows
    ]
    rfq = session.get_one(Rfq, rfq_id)
    return {"destination": rfq.destination, "closes_at": rfq.closes_at.isoformat(), "lines": lines}
