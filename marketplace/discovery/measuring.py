"""Figures of a product in the units that people compare: kilograms, pieces, US dollars, shares from 0 to 1."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries.contents import contents_by
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.catalogue.rules.packing import Packing
from marketplace.kernel.exchange import RateUnknown, reference_rates
from marketplace.kernel.measures import Contents, Dimension, Quantity, UnitMismatch, find_unit
from marketplace.sellers.rules import LEADS_BEFORE_FIGURES
from search.analysis import concept_closure
from search.measures import OWN_UNIT

# What a row has to have beside ``commodity`` and ``unit`` so that it is known what its packages and containers hold.
PACKED = (
    Product.unit_weight_kg, Product.units_per_fcl20, Product.units_per_fcl40, Product.pack_unit, Product.pack_net_kg,
    Product.packs_per_carton, Product.cartons_per_fcl20, Product.cartons_per_fcl40,
)  # fmt: skip
_HALF_LIFE_DAYS = 180.0
_LEVELS = {"none": 0.0, "listed": 0.33, "reviewed": 0.67, "verified": 1.0}


def contents_of(row: Any) -> Contents:
    """What packages and containers of a row's product hold, by the seller's own figures before the registry's."""
    packed = row.pack_unit or "", row.pack_net_kg, row.packs_per_carton, row.cartons_per_fcl20, row.cartons_per_fcl40
    return _held(row.commodity, row.unit, row.unit_weight_kg, row.units_per_fcl20, row.units_per_fcl40, *packed)


@lru_cache(maxsize=1024)
def _held(
    commodity: str,
    unit: str,
    weight: Decimal | None,
    per_fcl20: Decimal | None,
    per_fcl40: Decimal | None,
    *packed: Any,
) -> Contents:
    """Remembered, since most of a batch are packed like others of it."""
    return contents_by(commodity, unit, weight, per_fcl20, per_fcl40, Packing(*packed))


def in_unit(amount: Decimal | None, unit: str, target: str, contents: Contents) -> float | None:
    """The amount in ``target`` (kg or piece), or None where it does not convert."""
    if amount is None or not unit:
        return None
    try:
        return float(Quantity(amount, unit).to(target, contents).amount)
    except (UnitMismatch, ValueError, KeyError):
        return None


def price_per_piece(price: Decimal | None, currency: str, unit: str) -> float | None:
    """US dollars for one piece, for goods sold by the piece."""
    if price is None or unit != "piece":
        return None
    rate = dollar_rates().get(currency)
    return None if rate is None else round(float(price) * rate, 6)


def price_per_litre(price: Decimal | None, currency: str, unit: str) -> float | None:
    """US dollars for one litre, for goods sold by volume."""
    known = find_unit(unit) if price is not None and unit else None
    if price is None or known is None or known.dimension is not Dimension.VOLUME or not known.factor:
        return None
    rate = dollar_rates().get(currency)
    return None if rate is None else round(float(price / known.factor) * rate, 6)


def price_per_own_unit(
    price: Decimal | None, currency: str, unit: str, per_kg_in_dollars: Decimal | None
) -> float | None:
    """US dollars for one unit in which an offer is made: a metre, a pouch; a litre, a kilogram of what is sold so."""
    if price is None or not unit:
        return None
    if find_unit(unit).dimension is Dimension.MASS:
        return None if per_kg_in_dollars is None else float(per_kg_in_dollars)
    if find_unit(unit).dimension is Dimension.VOLUME:
        return price_per_litre(price, currency, unit)
    rate = dollar_rates().get(currency)
    return None if rate is None else round(float(price) * rate, 6)


@cache
def dollar_rates() -> dict[str, float]:
    """US dollars for one unit of each currency, by the reference rates; for comparing only."""
    rates = reference_rates()
    found: dict[str, float] = {}
    for currency in rates.per_euro:
        try:
            found[currency] = float(rates.convert(Decimal(1), currency, "USD"))
        except RateUnknown:
            continue
    return found


def compared_in(commodity: Commodity) -> str:
    """The unit by which prices of goods are compared: kg, piece, litre, or each offer in its own."""
    first = commodity.units[0]
    return first if first in ("kg", "piece", "litre") else OWN_UNIT


@cache
def price_units() -> dict[str, str]:
    """The unit in which goods, and most goods of a family, are priced: kg, piece, litre, or each offer in its own, as
    what some sell by the litre and some by the kilogram; nothing where they are not of one kind."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for commodity in load_registry().commodities.values():
        unit = compared_in(commodity)
        if unit == "litre" and "kg" in commodity.units:
            unit = OWN_UNIT
        for concept in {commodity.key, *concept_closure(commodity.key)}:
            counted[concept][unit] += 1
    return {
        concept: next((unit for unit, number in units.items() if 2 * number > units.total()), "")
        for concept, units in counted.items()
    }


def freshness(listed_at: datetime | None, moment: datetime) -> float:
    """1 for a listing of today, half of it after half a year."""
    if listed_at is None:
        return 0.0
    days = max(0.0, (moment - listed_at).total_seconds() / 86_400)
    return float(round(0.5 ** (days / _HALF_LIFE_DAYS), 3))


def answer_rate(leads: int, answered: int) -> float:
    """The share of leads answered; a seller with few leads yet is taken for an average one."""
    if leads < LEADS_BEFORE_FIGURES:
        return 0.5
    return min(1.0, answered / leads)


def standing(level: str) -> float:
    """How far the seller's organisation was checked."""
    return _LEVELS.get(level, 0.0)
