"""Samples and deals for tests, made through the site's own services."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.catalogue.models import Product
from marketplace.kernel.uow import transaction
from marketplace.orders.drafts import SampleTerms, SampleWish
from marketplace.orders.models import Order, Sample
from marketplace.orders.rules import SampleKind
from marketplace.orders.services import approve_sample, ask_sample
from marketplace.payments.models import Payment
from marketplace.payments.services import confirm_bank_transfer
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Rfq, RfqLine
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person
from tests.support.quoting import a_sent_quote, an_acceptance

ADDRESS = "Muster Feinkost GmbH, Große Musterstraße 1, 20457 Hamburg"


@dataclass
class Trade:
    """Who trades about what."""

    buyer: Person
    seller: Person
    product: Product
    rfq: Rfq

    @property
    def lead(self) -> str:
        """The key of the conversation."""
        return recipient_of(self.rfq, self.seller).key


def a_trade(people: Cast, commodity: str = "coffee-arabica-green") -> Trade:
    """An inquiry that the seller has answered."""
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller, commodity, capacity_per_month=None)
    rfq = an_inquiry(buyer, product)
    an_answer(seller, rfq)
    return Trade(buyer, seller, product, rfq)


def a_sample(trade: Trade, kind: SampleKind = SampleKind.OFFER) -> str:
    """The key of a sample the buyer has asked for."""
    with transaction() as session:
        line = session.scalars(select(RfqLine.id).where(RfqLine.rfq_id == trade.rfq.id)).first()
    wish = SampleWish(kind, line or 0, ADDRESS, Decimal("0.5"), "kg", "Please the newest harvest.")
    with transaction() as session:
        return ask_sample(session, trade.buyer.actor, trade.lead, wish).key


def an_approved_sample(trade: Trade, price: int = 1_500, freight: int = 4_000, **more: Any) -> str:
    """The key of a sample that the seller approved, for an amount unless it is zero."""
    key = a_sample(trade)
    terms = SampleTerms(currency="USD", price_minor=price, freight_minor=freight, **more)
    with transaction() as session:
        approve_sample(session, trade.seller.actor, key, terms)
    return key


def sample_now(key: str) -> Sample:
    """A sample as the database has it."""
    with transaction() as session:
        return session.scalars(select(Sample).where(Sample.key == key).execution_options(populate_existing=True)).one()


def a_deal(trade: Trade, **terms: Any) -> Deal:
    """A quote of the seller's, accepted by the buyer; a deposit of 30 percent unless ``terms`` say otherwise."""
    a_sent_quote(trade.seller, trade.rfq, trade.product.id, **terms)
    return an_acceptance(trade.buyer, trade.seller, trade.rfq, 1)


def order_now(deal: Deal) -> Order:
    """The way of a deal with its steps, as the database has it."""
    with transaction() as session:
        query = select(Order).where(Order.deal_id == deal.id).options(selectinload(Order.steps))
        return session.scalars(query.execution_options(populate_existing=True)).one()


def paid_by_bank(trade: Trade, about: str) -> None:
    """The seller sees the amount on its account."""
    with transaction() as session:
        payment = session.scalars(select(Payment).where(Payment.about == about)).one()
        confirm_bank_transfer(session, trade.seller.actor, payment)
