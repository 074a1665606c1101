"""The smallest order nobody stated: that of the goods, of their group, of the marketplace; in the product's unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.rules.minimum import MinimumBasis, usual_minimum
from marketplace.kernel.measures import UNITS, Contents, Dimension, Quantity


def usual(key: str, unit: str, more: Contents | None = None) -> tuple[Decimal, str, str]:
    registry = load_registry()
    commodity = registry.commodity(key)
    found = usual_minimum(unit, registry.usual_minimum(commodity), {**commodity.contents(), **(more or {})})
    assert found is not None
    assert found.quantity.unit == unit
    return found.quantity.amount, found.basis, found.group


def test_the_group_speaks_in_every_unit_of_weight() -> None:
    group = "food/coffee/green"
    assert usual("coffee-arabica-green", "kg") == (300, MinimumBasis.GROUP, group)
    assert usual("coffee-arabica-green", "bag60") == (5, MinimumBasis.GROUP, group)
    assert usual("coffee-arabica-green", "mt") == (Decimal("0.3"), MinimumBasis.GROUP, group)


def test_goods_that_differ_from_their_group_come_first() -> None:
    assert usual("vanilla-beans", "kg") == (1, MinimumBasis.GROUP, "vanilla-beans")
    assert usual("pepper-black", "kg")[2] == "food/spices"


def test_packages_of_known_weight_are_rounded_up() -> None:
    pouches = {"pouch": Quantity(Decimal("0.7"), "kg")}
    assert usual("coffee-roasted", "pouch", pouches) == (72, MinimumBasis.GROUP, "food/coffee/roasted")


def test_what_does_not_convert_falls_to_the_marketplace() -> None:
    assert usual("coffee-roasted", "carton") == (50, MinimumBasis.SYSTEM, "")
    assert usual("honey", "drum") == (1, MinimumBasis.SYSTEM, "")


def test_a_container_is_no_unit_of_trade() -> None:
    assert usual_minimum("fcl20", None, {}) is None
    assert usual_minimum("", None, {}) is None


def test_every_commodity_has_one_in_each_of_its_units() -> None:
    for commodity in load_registry():
        for unit in commodity.units:
            if UNITS[unit].dimension is not Dimension.CONTAINER:
                assert usual(commodity.key, unit)[0] > 0


@pytest.mark.parametrize("unit", [code for code, unit in UNITS.items() if unit.dimension is not Dimension.CONTAINER])
def test_the_marketplace_has_one_for_every_unit(unit: str) -> None:
    found = usual_minimum(unit, None, {})
    assert found is not None
    assert (found.quantity.unit, found.basis) == (unit, MinimumBasis.SYSTEM)
