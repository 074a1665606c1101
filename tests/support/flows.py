"""Whole steps of trade for tests: an inquiry sent, a request sent to several sellers, a lead answered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from marketplace.catalogue.models import Product
from marketplace.kernel.uow import transaction
from marketplace.leads.services import answer_lead
from marketplace.rfqs.drafts import ChosenRecipient, InquiryDraft, LineDraft, RequestDraft, TermsDraft
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.services import draft_request, send_inquiry, send_request
from tests.support.people import Person


def an_inquiry(
    buyer: Person, product: Product, text: str = "What is your best offer for this lot?", **more: Any
) -> Rfq:
    """An inquiry of ``buyer`` about a listed product: 2 t to Hamburg, FOB Tanjung Perak. ``more`` replaces terms."""
    line = LineDraft(quantity=more.pop("quantity", Decimal(2)), unit=more.pop("unit", "mt"))
    terms = {"destination": "DE", "incoterm": "FOB", "place": "Tanjung Perak"} | more
    with transaction() as session:
        draft = InquiryDraft(text=text, language="en", line=line, terms=TermsDraft(**terms))
        return send_inquiry(session, buyer.actor, product.id, draft)


def a_request(
    buyer: Person, sellers: Sequence[Person] = (), text: str = "2 FCL organic coconut sugar, FOB Surabaya", **more: Any
) -> Rfq:
    """A request in own words, sent to ``sellers``; without any it is open and nobody was asked."""
    rfq = a_request_draft(buyer, text, **more)
    with transaction() as session:
        chosen = [ChosenRecipient(seller.seller_id or 0, score=Decimal("0.8")) for seller in sellers]
        return send_request(session, buyer.actor, rfq, chosen)


def a_request_draft(buyer: Person, text: str = "2 FCL organic coconut sugar", **more: Any) -> Rfq:
    """A request that was written but not sent. ``more``: commodity, and terms."""
    line = LineDraft(
        description="Organic coconut sugar",
        commodity=more.pop("commodity", "coconut-sugar"),
        quantity=Decimal(2),
        unit="fcl20",
    )
    with transaction() as session:
        fields = RequestDraft(lines=(line,), terms=TermsDraft(**({"destination": "DE"} | more)))
        return draft_request(session, buyer.actor, text, "en", fields)


def recipient_of(rfq: Rfq, seller: Person) -> Recipient:
    """The seller's place in a request, as the database has it now."""
    with transaction() as session:
        return session.scalars(
            select(Recipient)
            .where(Recipient.rfq_id == rfq.id, Recipient.seller_id == seller.seller_id)
            .execution_options(populate_existing=True)
        ).one()


def fresh(rfq: Rfq) -> Rfq:
    """The request as the database has it now."""
    with transaction() as session:
        return session.get_one(Rfq, rfq.id, populate_existing=True)


def an_answer(seller: Person, rfq: Rfq, text: str = "We can offer this lot.") -> Recipient:
    """The seller answers the buyer and so commits; gives the recipient as it is then."""
    key = recipient_of(rfq, seller).key
    with transaction() as session:
        answer_lead(session, seller.actor, key, text, language="id")
    return recipient_of(rfq, seller)


def an_inquiry_form(text: str) -> dict[str, str]:
    """What a browser sends with an inquiry about 2 t to Hamburg, besides the guards."""
    return {
        "text": text, "language": "en", "quantity": "2", "unit": "mt", "destination": "DE", "incoterm": "FOB",
        "place": "Tanjung Perak", "currency": "USD", "price_unit": "kg",
    }  # fmt: skip
