"""Packing as figures: what one package weighs, how many make a carton, how many of those a container takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from marketplace.kernel.measures import UNITS, Dimension, Quantity

_CONTAINERS = {"fcl20": "cartons_per_fcl20", "fcl40hc": "cartons_per_fcl40"}
MOST_PER_CARTON = 100_000
MOST_PER_CONTAINER = 1_000_000
_SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Packing:
    """How goods are packed: ``unit`` (bag, pouch, bottle …) of ``net_kg``, ``per_carton`` of them in a carton.

    Containers are counted in cartons, or in the packing unit itself where nothing is put into cartons (a 60 kg bag).
    Everything may be missing; without a unit nothing else says anything.
    """

    unit: str = ""
    net_kg: Decimal | None = None
    per_carton: int | None = None
    cartons_per_fcl20: int | None = None
    cartons_per_fcl40: int | None = None

    @property
    def is_stated(self) -> bool:
        """Whether it says enough for a packing list: the package and its weight."""
        return bool(self.unit) and self.net_kg is not None

    @property
    def outer(self) -> str:
        """What a container is loaded with."""
        return "carton" if self.per_carton else self.unit

    @property
    def outer_kg(self) -> Decimal | None:
        """Net weight of what a container is loaded with."""
        return None if self.net_kg is None else self.net_kg * (self.per_carton or 1)

    def loaded(self, container: str) -> int | None:
        """How many outer packages ``fcl20`` or ``fcl40hc`` takes."""
        found: int | None = getattr(self, _CONTAINERS[container])
        return found

    def load_kg(self, container: str) -> Decimal | None:
        """Net weight of a loaded container."""
        count, each = self.loaded(container), self.outer_kg
        return None if count is None or each is None else count * each

    def contents(self) -> dict[str, Quantity]:
        """What packages, cartons and containers hold, for converting quantities."""
        if not self.is_stated or self.net_kg is None:
            return {}
        held = {"carton": self.outer_kg if self.per_carton else None} | {box: self.load_kg(box) for box in _CONTAINERS}
        if UNITS[self.unit].dimension is Dimension.PACKAGE:
            held[self.unit] = self.net_kg
        return {unit: Quantity(weight.quantize(_SIX_PLACES), "kg") for unit, weight in held.items() if weight}


UNPACKED = Packing()


def packing_faults(packing: Packing, payloads: Mapping[str, Quantity]) -> dict[str, str]:
    """What cannot stand, as codes by field; ``payloads`` is what containers may carry."""
    faults: dict[str, str] = {}
    unit = UNITS.get(packing.unit)
    others = (packing.net_kg, packing.per_carton, packing.cartons_per_fcl20, packing.cartons_per_fcl40)
    if packing.unit and (unit is None or unit.dimension not in {Dimension.PACKAGE, Dimension.COUNT}):
        faults["pack_unit"] = "unit"
    elif not packing.unit and any(value is not None for value in others):
        faults["pack_unit"] = "unit_missing"
    if packing.unit and packing.net_kg is None:
        faults["pack_net_kg"] = "weight_missing"
    if packing.net_kg is not None and not 0 < packing.net_kg <= 30_000:
        faults["pack_net_kg"] = "weight_range"
    elif packing.net_kg is not None and packing.net_kg != packing.net_kg.quantize(_SIX_PLACES):
        faults["pack_net_kg"] = "too_fine"
    if packing.per_carton is not None and not 0 < packing.per_carton <= MOST_PER_CARTON:
        faults["packs_per_carton"] = "count_range"
    elif packing.per_carton is not None and packing.unit == "carton":
        faults["packs_per_carton"] = "carton_in_carton"
    for container, name in _CONTAINERS.items():
        count = packing.loaded(container)
        if count is None:
            continue
        if not 0 < count <= MOST_PER_CONTAINER:
            faults[name] = "count_range"
            continue
        load, limit = packing.load_kg(container), payloads.get(container)
        if load is not None and limit is not None and not faults and load > limit.to("kg").amount:
            faults[name] = "too_heavy"
    return faults
