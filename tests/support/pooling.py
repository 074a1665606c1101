"""A pool of sellers under one quote, as tests need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from marketplace.catalogue.models import Product
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import QuoteShare
from marketplace.quotes.services import (
    PoolDraft,
    answer_share,
    offer_share,
    start_pool,
)
from marketplace.rfqs.models import Rfq, RfqLine
from tests.support.coordinating import pool_version
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, Person

GOODS = "coffee-arabica-green"


@dataclass
class Pooled:
    """A lead for 2 t of which the coordinator makes half a tonne, with two sellers beside."""

    buyer: Person
    coordinator: Person
    members: Sequence[Person]
    goods: Sequence[Product]
    rfq: Rfq

    @property
    def lead(self) -> str:
        return recipient_of(self.rfq, self.coordinator).key


def pooled(people: Cast, capacity: Decimal | None = None) -> Pooled:
    buyer, coordinator = people.buyer(), people.seller()
    own = a_listed_product(coordinator, GOODS, capacity_per_month=None)
    members = [people.seller(), people.seller()]
    goods = [own, *(a_listed_product(one, GOODS, capacity_per_month=capacity) for one in members)]
    rfq = an_inquiry(buyer, own)
    an_answer(coordinator, rfq)
    found = Pooled(buyer, coordinator, members, goods, rfq)
    with transaction() as session:
        line = session.scalars(select(RfqLine).where(RfqLine.rfq_id == rfq.id)).one()
        assert (line.quantity, line.unit) == (Decimal(2), "mt"), "what the tests below reckon with"
        draft = PoolDraft(line.id, "Grade 1, moisture at most 12.5 %.", "USD", Decimal("0.5"))
        start_pool(session, coordinator.actor, found.lead, draft)
    return found


def offered(pool: Pooled, member: int, quantity: str, price: str = "5000") -> str:
    with transaction() as session:
        product = pool.goods[member + 1].id
        amounts = (Decimal(quantity), Decimal(price), pool_version(pool.lead))
        return offer_share(session, pool.coordinator.actor, pool.lead, product, *amounts).key


def share_now(key: str) -> QuoteShare:
    with transaction() as session:
        return session.scalars(
            select(QuoteShare).where(QuoteShare.key == key).execution_options(populate_existing=True)
        ).one()


def agreed(pool: Pooled, member: int, quantity: str, price: str = "5000", *, is_named: bool = True) -> str:
    key = offered(pool, member, quantity, price)
    with transaction() as session:
        actor = pool.members[member].actor
        answer_share(session, actor, key, share_now(key).version, agrees=True, is_named=is_named)
    return key
