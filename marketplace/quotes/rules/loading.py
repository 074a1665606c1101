"""How goods travel: packages, pallets, and which container how full, by the registry's usual loads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from marketplace.catalogue.registry.types import Commodity, Load
from marketplace.kernel.measures import Contents, Quantity, UnitMismatch

# pallets of 1.0 x 1.2 m that stand on the floor of a container, and what one costs to ship beside the smallest
_PALLETS = {"fcl20": 10, "fcl40hc": 20, "fcl40rf": 20}
_COST = {"fcl20": Decimal(10), "fcl40hc": Decimal(16), "fcl40rf": Decimal(20)}
_LEAST_SHARE = Decimal("0.005")


@dataclass(frozen=True)
class Goods:
    """One line as it is loaded."""

    commodity: Commodity
    quantity: Quantity
    contents: Contents


def _one(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def _share(goods: Goods, container: str, stowage: str) -> Decimal | None:
    """What part of a container this line fills, by the low end of its usual load; None where nobody knows."""
    loads: list[Load] = [
        load for load in goods.commodity.loads if load.container == container and load.stowage == stowage
    ]
    for load in loads:
        try:
            amount = goods.quantity.to(load.low.unit, goods.contents).amount
        except (UnitMismatch, ValueError):
            continue
        if load.low.amount:
            return amount / load.low.amount
    return None


def _shares(lines: Sequence[Goods], stowage: str) -> dict[str, Decimal]:
    """How many containers of each kind all lines together fill; kinds that one of them is unknown for are left out."""
    found = {}
    for container in _COST:
        shares = [_share(goods, container, stowage) for goods in lines]
        if shares and all(share is not None for share in shares):
            found[container] = sum((share for share in shares if share is not None), Decimal(0))
    return found


def container_plan(
    lines: Sequence[Goods], kilograms: Decimal | None, package: tuple[str, Decimal] | None
) -> dict[str, Any]:
    """Packages, pallets, and the cheapest containers with how full they are, as plain JSON values.

    Keys where known: ``packages`` and ``package_unit``; ``container``, ``containers`` and ``percent`` (how full all of
    them are together); ``pallets``. ``package`` is its unit and net kilograms.
    """
    plan: dict[str, Any] = {}
    if package is not None and kilograms:
        unit, net = package
        if net > 0:
            plan |= {"packages": _one(kilograms / net), "package_unit": unit, "package_kg": f"{net.normalize():f}"}
    loose = _shares(lines, "loose")
    if loose and max(loose.values()) >= _LEAST_SHARE:
        container = min(loose, key=lambda one: (_one(loose[one]) * _COST[one], _COST[one]))
        count = _one(loose[container])
        percent = (loose[container] / count * 100).quantize(Decimal(1))
        plan |= {"container": container, "containers": count, "percent": max(1, int(percent))}
        palletised = _shares(lines, "palletised").get(container)
        if palletised is not None:
            plan["pallets"] = _one(palletised * _PALLETS[container])
    return plan
