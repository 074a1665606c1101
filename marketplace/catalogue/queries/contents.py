"""What packages and containers of a product hold: one answer for quotes, offers of a lot, and costs."""

from __future__ import annotations

from decimal import Decimal

from marketplace.catalogue.models import Product
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.card import contents_of as packages_of
from marketplace.catalogue.rules.packing import Packing
from marketplace.kernel.measures import Contents, Quantity


def contents_of(product: Product) -> Contents:
    """What this product's packages and containers hold: the seller's own figures before the registry's."""
    return contents_by(
        product.commodity, product.unit, product.unit_weight_kg, product.units_per_fcl20, product.units_per_fcl40,
        product.packing,
    )  # fmt: skip


def contents_by(
    commodity: str,
    unit: str,
    weight: Decimal | None,
    per_fcl20: Decimal | None,
    per_fcl40: Decimal | None,
    packing: Packing,
) -> Contents:
    """The same of columns that were read without their product: kilograms of one ``unit``, units in a container."""
    known = load_registry().commodities.get(commodity)
    held = dict(packages_of(unit, weight, known.contents() if known else {}, packing))
    for container, amount in (("fcl20", per_fcl20), ("fcl40hc", per_fcl40)):
        if amount and unit and unit != container:  # how many of itself it holds says nothing
            held[container] = Quantity(amount, unit)
    return held
