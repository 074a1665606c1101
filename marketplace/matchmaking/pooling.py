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
        found.append(Part(product_id, seller_id, float(values["capacity"]), float(values["wanted"])))
    return found


def pooled(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The fewest sellers, the largest first, who make the whole quantity together; empty where they do not."""
    total, chosen = 0.0, list[Part]()
    for part in sorted(parts, key=lambda each: (-each.capacity, each.product_id)):
        chosen.append(part)
        total += part.capacity
        if total >= part.wanted:
            return tuple(chosen) if 1 < len(chosen) <= MOST_TOGETHER else ()
    return ()
