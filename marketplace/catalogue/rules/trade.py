"""Terms of trade: Incoterms and their places, price ladders, months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from marketplace.kernel.ports import find_sea_port


class Incoterm(StrEnum):
    """The rules of Incoterms 2020; the place decides where the seller's duty ends."""

    EXW = "EXW"
    FCA = "FCA"
    FAS = "FAS"
    FOB = "FOB"
    CFR = "CFR"
    CIF = "CIF"
    CPT = "CPT"
    CIP = "CIP"
    DAP = "DAP"
    DPU = "DPU"
    DDP = "DDP"


# the four that hand over on or beside a ship
SEA_TERMS = frozenset({Incoterm.FAS, Incoterm.FOB, Incoterm.CFR, Incoterm.CIF})
# Larger amounts are typing errors, and six decimals of them would not fit a 64-bit column.
LARGEST_NUMBER = Decimal(10) ** 9
MOST_RUNGS = 40


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a ladder: from ``min_quantity`` (in ``unit``) on, a unit costs ``unit_price``."""

    incoterm: str
    place: str
    unit: str
    currency: str
    min_quantity: Decimal
    unit_price: Decimal

    @property
    def ladder(self) -> tuple[str, str, str, str]:
        """The key of the ladder that the rung belongs to."""
        return (self.incoterm, self.place, self.unit, self.currency)


@dataclass(frozen=True, slots=True)
class LadderFault:
    """What is wrong with one rung; ``row`` counts from 0 in the order given."""

    row: int
    code: str


def normal_place(incoterm: str, place: str) -> str | None:
    """The place as it is kept: the port's usual name for sea terms; None where it cannot stand."""
    plain = " ".join(place.split())
    if not plain:
        return None
    if incoterm in SEA_TERMS:
        port = find_sea_port(plain)
        return port.name if port else None
    return plain[:80]


def ladder_faults(rungs: Sequence[Rung]) -> list[LadderFault]:
    """Rungs that cannot stand: twice the same step, a dearer price for more, no sea port for a sea term."""
    faults: list[LadderFault] = []
    seen: dict[tuple[str, ...], dict[Decimal, Decimal]] = {}
    for row, rung in enumerate(rungs):
        if not 0 < rung.unit_price <= LARGEST_NUMBER:
            faults.append(LadderFault(row, "price_out_of_range"))
        if not 0 < rung.min_quantity <= LARGEST_NUMBER:
            faults.append(LadderFault(row, "quantity_out_of_range"))
        if normal_place(rung.incoterm, rung.place) is None:
            faults.append(LadderFault(row, "port_needed" if rung.incoterm in SEA_TERMS else "place_needed"))
        steps = seen.setdefault(rung.ladder, {})
        if rung.min_quantity in steps:
            faults.append(LadderFault(row, "step_twice"))
        elif any(
            (least < rung.min_quantity) == (price < rung.unit_price)
            for least, price in steps.items()
            if price != rung.unit_price
        ):
            faults.append(LadderFault(row, "dearer_for_more"))
        steps[rung.min_quantity] = rung.unit_price
    if len(rungs) > MOST_RUNGS:
        faults.append(LadderFault(MOST_RUNGS, "too_many"))
    return faults


def months_of(first: int, last: int) -> tuple[int, ...]:
    """Every month from ``first`` to ``last``, over the turn of the year where need be."""
    length = (last - first) % 12 + 1
    return tuple((first + step - 1) % 12 + 1 for step in range(length))
