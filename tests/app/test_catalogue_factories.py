"""The factories make what the rules call complete, for every commodity of the registry."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, ProductSpec
from marketplace.catalogue.registry.loading import load_registry
from tests.support.factories import a_certificate, a_listed_product
from tests.support.people import Cast


def test_every_commodity_can_be_listed_by_the_factory(people: Cast, session: Session) -> None:
    seller = people.seller()
    organic = a_certificate(seller)
    registry = load_registry()
    for key, commodity in registry.commodities.items():
        product = a_listed_product(seller, key, certificates=[organic], texts={"de": "Ware"}, months={5: 10})
        held = set(session.scalars(select(ProductSpec.field).where(ProductSpec.product_id == product.id)))
        assert held >= {rule.field.key for rule in commodity.required}
    assert session.scalar(select(func.count()).select_from(Product)) == len(registry.commodities)
