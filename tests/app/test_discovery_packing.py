"""Amounts in packages and containers are indexed by what the seller's own hold, not by what is usual in the trade."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from marketplace.discovery.engine import engine
from marketplace.discovery.rules import PRODUCT, SELLER
from search.query import NumberFilter, Query
from tests.support.factories import a_listed_product
from tests.support.indexing import change
from tests.support.people import Cast

POUCHES: dict[str, Any] = {
    "pack_unit": "pouch",
    "pack_net_kg": Decimal("0.25"),
    "packs_per_carton": 48,
}  # 12 kg a carton


def _exactly(field: str, amount: float, kind: str = PRODUCT) -> set[int]:
    wanted = NumberFilter(field, low=amount - 0.001, high=amount + 0.001)
    return set(engine().search(Query(kind=kind, filters=(wanted,))).keys)


@pytest.mark.parametrize(
    ("unit", "columns", "kilograms"),
    [
        ("carton", POUCHES, 1_200.0),
        ("pouch", POUCHES, 25.0),
        ("fcl20", POUCHES | {"cartons_per_fcl20": 1_100}, 1_320_000.0),
        ("fcl20", {"pack_unit": "bag", "pack_net_kg": Decimal(60), "cartons_per_fcl20": 300}, 1_800_000.0),
        ("pouch", POUCHES | {"unit_weight_kg": Decimal("0.3")}, 30.0),  # what the unit of sale weighs is said first
    ],
)
def test_amounts_are_indexed_by_the_sellers_packing(
    people: Cast, unit: str, columns: dict[str, Any], kilograms: float
) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    a_listed_product(seller)
    change(product, **({"unit_weight_kg": None, "unit": unit, "moq": Decimal(100)} | columns))
    change(product, capacity_per_month=Decimal(200))
    assert _exactly("moq_kg", kilograms) == {product.id}
    assert _exactly("capacity_kg", 2 * kilograms) == {product.id}


def test_a_container_of_the_units_of_sale_holds_what_the_seller_says(people: Cast) -> None:
    product = a_listed_product(people.seller())
    change(product, unit="fcl20", moq=Decimal(2), unit_weight_kg=None)
    usual = 2 * 18_000.0
    assert _exactly("moq_kg", usual) == {product.id}
    change(product, unit="fcl20", units_per_fcl20=Decimal(1))  # a container of containers says nothing
    assert _exactly("moq_kg", usual) == {product.id}


def test_a_sellers_capacity_is_known_by_the_packing(people: Cast) -> None:
    seller = people.seller()
    product = a_listed_product(seller)
    change(product, unit="carton", unit_weight_kg=None, capacity_per_month=Decimal(50), **POUCHES)
    assert _exactly("capacity_kg", 600.0, SELLER) == {seller.seller_id}
