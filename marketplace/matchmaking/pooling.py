"""Several sellers who can serve a request together where none of them can alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Part:
    """What one seller could make of the quantity, in the offer's unit."""

    product_id: int
    seller_id: int
    capacity: float
    wanted: float
    unit: str = "kg"


@dataclass(frozen=True, slots=True)
class Pool:
    """Who would make how much of a quantity, the largest part first, and what nobody makes."""

    takes: tuple[tuple[Part, float], ...]
    gap: float

    @property
    def coordinator(self) -> Part | None:
        """Who makes the largest part; None where there is no pool."""
        return self.takes[0][0] if self.takes else None

    @property
    def products(self) -> frozenset[int]:
        """The offers that take part."""
        return frozenset(part.product_id for part, _amount in self.takes)


def parts_of(suggestions: Iterable[tuple[int, int, dict[str, list[dict[str, object]]]]]) -> list[Part]:
    """The parts that sellers could take, from kept suggestions (product, seller, reasons) whose only obstacle is that
    they cannot make it all."""
    found = []
    for product_id, seller_id, reasons in suggestions:
        against = reasons.get("against", [])
        if len(against) != 1 or against[0]["code"] != "capacity":
            continue
        values = against[0]["values"]
        assert isinstance(values, dict)
        unit = str(values.get("unit") or "kg")
        found.append(Part(product_id, seller_id, float(values["capacity"]), float(values["wanted"]), unit))
    return found


def pooled(parts: Sequence[Part]) -> Pool:
    """The fewest sellers, the largest first, who make the whole quantity together; where all that may take part do not,
    what they leave. Empty where fewer than two could."""
    ordered = sorted(parts, key=lambda each: (-each.capacity, each.product_id))
    ordered = [each for each in ordered if each.unit == ordered[0].unit and each.capacity > 0][:MOST_TOGETHER]
    if not ordered:
        return Pool((), 0.0)
    left, takes = ordered[0].wanted, list[tuple[Part, float]]()
    for part in ordered:
        if left <= 0:
            break
        amount = min(part.capacity, left)
        takes.append((part, amount))
        left -= amount
    return Pool(tuple(takes), max(0.0, left)) if len(takes) > 1 else Pool((), 0.0)
