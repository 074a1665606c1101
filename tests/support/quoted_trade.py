"""A buyer and a seller with an inquiry between them, and what an acceptance that is refused says."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from marketplace.catalogue.models import Product
from marketplace.kernel.errors import Conflict
from marketplace.kernel.uow import transaction
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Rfq
from tests.support.factories import a_listed_product
from tests.support.flows import an_inquiry
from tests.support.people import Cast, Person
from tests.support.quoting import an_acceptance


def a_trade(people: Cast, **more: object) -> tuple[Person, Person, Product, Rfq]:
    """A buyer, a seller, a product without a stated capacity unless told, and an inquiry for 2 t of it."""
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller, **({"capacity_per_month": None} | more))
    return buyer, seller, product, an_inquiry(buyer, product)


def refused(buyer: Person, seller: Person, rfq: Rfq, number: int) -> str:
    """The sentence with which an acceptance is refused; nothing is agreed by it."""
    with pytest.raises(Conflict) as fault:
        an_acceptance(buyer, seller, rfq, number)
    with transaction() as session:
        assert session.scalar(select(func.count(Deal.id)).where(Deal.rfq_id == rfq.id)) == 0
    return str(fault.value.sentence)
