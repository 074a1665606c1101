"""The smallest order: the seller's own, else what is usual for the group of goods, else the marketplace's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum

from marketplace.kernel.measures import UNITS, Contents, Dimension, Quantity, UnitMismatch


class MinimumBasis(StrEnum):
    """Who said what a product's smallest order is; empty where nobody has."""

    OWN = "own"
    GROUP = "group"
    SYSTEM = "system"


# What a first order has to be worth the papers for, where no group says more: a rule of thumb of this marketplace.
_SYSTEM = {
    Dimension.MASS: Quantity(Decimal(100), "kg"),
    Dimension.VOLUME: Quantity(Decimal(100), "litre"),
    Dimension.LENGTH: Quantity(Decimal(100), "metre"),
    Dimension.COUNT: Quantity(Decimal(100), "piece"),
}
_PACKAGES = {"drum": 1, "jerrycan": 5, "pallet": 1, "bale": 10, "bottle": 100, "jar": 100, "pouch": 200, "sachet": 1000}
_OTHER_PACKAGES = 50
_SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class UsualMinimum:
    """A smallest order that holds unless the seller states another; ``group`` is the category or commodity it is of."""

    quantity: Quantity
    basis: MinimumBasis
    group: str = ""


def usual_minimum(unit: str, group: tuple[str, Quantity] | None, contents: Contents) -> UsualMinimum | None:
    """The usual smallest order counted in ``unit``; None for a unit in which nothing is sold.

    A group's minimum that does not convert into the unit (pieces into cartons of unknown content) does not count.
    """
    known = UNITS.get(unit)
    if known is None or known.dimension is Dimension.CONTAINER:
        return None
    if group is not None:
        found = _in_unit(group[1], unit, contents)
        if found is not None:
            return UsualMinimum(found, MinimumBasis.GROUP, group[0])
    packages = Quantity(Decimal(_PACKAGES.get(unit, _OTHER_PACKAGES)), unit)
    least = _SYSTEM.get(known.dimension, packages)
    return UsualMinimum(_in_unit(least, unit, contents) or packages, MinimumBasis.SYSTEM)


def _in_unit(quantity: Quantity, unit: str, contents: Contents) -> Quantity | None:
    """What is counted is rounded up to whole ones, what is weighed to six places."""
    try:
        amount = quantity.to(unit, contents).amount
    except UnitMismatch:
        return None
    is_counted = UNITS[unit].dimension in {Dimension.COUNT, Dimension.PACKAGE} or unit.startswith("bag")
    amount = amount.to_integral_value(ROUND_CEILING) if is_counted else amount.quantize(_SIX_PLACES, ROUND_HALF_UP)
    return Quantity(amount, unit) if amount > 0 else None
