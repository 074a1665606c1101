"""Agreed deals on their way, always through the owner check."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, func, inspect, select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import Prepared
from marketplace.orders.models import Order
from marketplace.orders.policies import own_deals, readable_deals
from marketplace.quotes.models import Deal, DealLine
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class OrderRow:
    """A deal on its way with both sides' names and what was agreed: the first of its ``goods``, how many more."""

    order: Order
    deal: Deal
    goods: str
    further: int
    seller: str
    buyer: str
    request: str = ""  # key of the request
    lead: str = ""  # key of the conversation


@dataclass(frozen=True)
class Again:
    """The first of the goods of an agreement that is still on offer."""

    slug: str
    quantity: Decimal
    unit: str


# the request may ask for other goods, another seller's even: a deal is called by what was agreed
_GOODS = (
    select(DealLine.description).where(DealLine.deal_id == Deal.id).order_by(DealLine.position).limit(1)
    .correlate(Deal).scalar_subquery()
)  # fmt: skip
_FURTHER = select(func.count(DealLine.id) - 1).where(DealLine.deal_id == Deal.id).correlate(Deal).scalar_subquery()


_COMMODITY = Prepared(
    select(Product.commodity)
    .join(DealLine, DealLine.product_id == Product.id)
    .where(DealLine.deal_id == bindparam("deal_id"))
    .order_by(DealLine.position)
    .limit(1)
)


def deal_and_order(session: Session, actor: Actor, key: str) -> OrderRow:
    """A deal the actor may read, with its steps; `NotFound` for anybody else's."""
    selling, buying = aliased(Organisation), aliased(Organisation)
    found = session.execute(
        select(Order, Deal, _GOODS, _FURTHER, selling.name, buying.name, Rfq.key, Recipient.key)
        .join(Deal, Deal.id == Order.deal_id)
        .join(Rfq, Rfq.id == Deal.rfq_id)
        .join(Recipient, Recipient.id == Deal.recipient_id)
        .join(Seller, Seller.id == Deal.seller_id)
        .join(selling, selling.id == Seller.organisation_id)
        .join(buying, buying.id == Deal.buyer_id)
        .where(Deal.key == key, readable_deals(actor))
        .options(selectinload(Order.steps))
    ).first()
    if found is None:
        raise NotFound
    return OrderRow(*found)


def goods_to_order_again(session: Session, deal_id: int) -> Again | None:
    """The first line whose product is listed now; whoever calls has checked the reader."""
    found = session.execute(
        select(Product.slug, DealLine.quantity, DealLine.unit)
        .join(Product, Product.id == DealLine.product_id)
        .where(DealLine.deal_id == deal_id, Product.state == ListingState.LISTED)
        .order_by(DealLine.position)
        .limit(1)
    ).first()
    return None if found is None else Again(*found)


def order_held(session: Session, actor: Actor, key: str) -> Order:
    """A deal of the actor's own company, locked, with its steps and the agreement, as they are now."""
    found = session.scalar(
        select(Order.id)
        .join(Deal, Deal.id == Order.deal_id)
        .join(Seller, Seller.id == Deal.seller_id)
        .where(Deal.key == key, own_deals(actor))
    )
    if found is None:
        raise NotFound
    return session.scalars(
        select(Order)
        .join(Order.deal)
        .where(Order.id == found)
        .options(selectinload(Order.steps), contains_eager(Order.deal))
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    ).one()


def orders_page(session: Session, actor: Actor, number: int) -> Page[OrderRow]:
    """All deals the actor may read, newest first."""
    selling, buying = aliased(Organisation), aliased(Organisation)
    query = (
        select(Order, Deal, _GOODS, _FURTHER, selling.name, buying.name)
        .join(Deal, Deal.id == Order.deal_id)
        .join(Rfq, Rfq.id == Deal.rfq_id)
        .join(Seller, Seller.id == Deal.seller_id)
        .join(selling, selling.id == Seller.organisation_id)
        .join(buying, buying.id == Deal.buyer_id)
        .where(readable_deals(actor))
        .order_by(Order.id.desc())
    )
    page = page_of(session, query, number)
    return Page([OrderRow(*row) for row in page.items], page.number, page.size, page.has_next)


def commodity_of_deal(session: Session, deal: Deal) -> str:
    """The commodity of the first goods of a deal that are of the catalogue; empty where none are."""
    if "lines" not in inspect(deal).unloaded:  # made a moment ago, out of products that this transaction holds
        keys = [line.product_id for line in deal.lines if line.product_id is not None]
        product = session.get(Product, keys[0]) if keys else None
        return product.commodity if product is not None else ""
    found = _COMMODITY.raw(session, deal_id=deal.id)
    return str(found[0][0]) if found else ""
