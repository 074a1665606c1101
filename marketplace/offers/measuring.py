"""What packages of offered goods hold, so that an offer's quantity can be held against the product's own unit."""

from __future__ import annotations

from decimal import Decimal

from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.card import contents_of as packed
from marketplace.kernel.measures import Contents, Quantity, UnitMismatch


def contents_of(product: Product) -> Contents:
    """The seller's own figures before the registry's."""
    known = load_registry().commodities.get(product.commodity)
    return packed(product.unit, product.unit_weight_kg, known.contents() if known else {})


def in_unit(amount: Decimal, unit: str, target: str, product: Product) -> Decimal | None:
    """An amount of a product in another unit, None where the two do not convert."""
    try:
        return Quantity(amount, unit).to(target, contents_of(product)).rounded().amount
    except (UnitMismatch, ValueError):
        return None
