"""Packing as figures: weights that add up, what containers carry, and what cannot stand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.catalogue.rules.packing import UNPACKED, Packing, packing_faults
from marketplace.kernel.measures import Quantity

PAYLOADS = {"fcl20": Quantity(Decimal("28.2"), "mt"), "fcl40hc": Quantity(Decimal("28.5"), "mt")}
BAGS = Packing("bag", Decimal(60), None, 300, None)
POUCHES = Packing("pouch", Decimal("0.25"), 24, 1200, 2600)


def test_bags_are_loaded_as_they_are() -> None:
    assert (BAGS.outer, BAGS.outer_kg, BAGS.load_kg("fcl20"), BAGS.load_kg("fcl40hc")) == ("bag", 60, 18000, None)
    assert BAGS.contents() == {"bag": Quantity(Decimal(60), "kg"), "fcl20": Quantity(Decimal(18000), "kg")}


def test_pouches_travel_in_cartons() -> None:
    assert (POUCHES.outer, POUCHES.outer_kg) == ("carton", 6)
    assert POUCHES.contents()["carton"] == Quantity(Decimal(6), "kg")
    assert Quantity(Decimal(1), "fcl20").to("pouch", POUCHES.contents()).amount == 28800


def test_nothing_stated_holds_nothing() -> None:
    assert UNPACKED.contents() == {}
    assert not Packing("bag").is_stated
    assert packing_faults(UNPACKED, PAYLOADS) == {}


def test_a_piece_has_a_weight_but_is_no_package() -> None:
    packing = Packing("piece", Decimal("0.45"), 24)
    assert packing.contents() == {"carton": Quantity(Decimal("10.8"), "kg")}


@pytest.mark.parametrize(
    ("packing", "faults"),
    [
        (BAGS, {}),
        (POUCHES, {}),
        (Packing("", Decimal(60)), {"pack_unit": "unit_missing"}),
        (Packing("kg", Decimal(60)), {"pack_unit": "unit"}),
        (Packing("fcl20", Decimal(60)), {"pack_unit": "unit"}),
        (Packing("sack?", Decimal(60)), {"pack_unit": "unit"}),
        (Packing("bag"), {"pack_net_kg": "weight_missing"}),
        (Packing("bag", Decimal(0)), {"pack_net_kg": "weight_range"}),
        (Packing("bag", Decimal(30001)), {"pack_net_kg": "weight_range"}),
        (Packing("bag", Decimal("0.0000001")), {"pack_net_kg": "too_fine"}),
        (Packing("bag", Decimal(1), 0), {"packs_per_carton": "count_range"}),
        (Packing("carton", Decimal(10), 6), {"packs_per_carton": "carton_in_carton"}),
        (Packing("bag", Decimal(60), None, 471), {"cartons_per_fcl20": "too_heavy"}),
        (Packing("bag", Decimal(60), None, 470), {}),
        (Packing("bag", Decimal(60), None, 0), {"cartons_per_fcl20": "count_range"}),
        (Packing("pouch", Decimal("0.25"), 24, None, 1_000_001), {"cartons_per_fcl40": "count_range"}),
    ],
)
def test_what_cannot_stand(packing: Packing, faults: dict[str, str]) -> None:
    assert packing_faults(packing, PAYLOADS) == faults
