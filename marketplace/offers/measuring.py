"""Amounts of offered goods in another unit, so that an offer's quantity can be held against the product's own."""

from __future__ import annotations

from decimal import Decimal

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.contents import contents_of
from marketplace.kernel.measures import Quantity, UnitMismatch


def in_unit(amount: Decimal, unit: str, target: str, product: Product) -> Decimal | None:
    """An amount of a product in another unit, None where the two do not convert."""
    try:
        return Quantity(amount, unit).to(target, contents_of(product)).rounded().amount
    except (UnitMismatch, ValueError):
        return None
