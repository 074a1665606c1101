"""Score sheets of samples: ten attributes for coffee, a short sheet of its own for each branch of goods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# the ten attributes of the SCA's cupping protocol of 2004, six to ten points in quarters
# https://sca.coffee/research/protocols-best-practices
CUPPING = (
    "aroma", "flavour", "aftertaste", "acidity", "body", "balance", "uniformity", "clean_cup", "sweetness", "overall",
)  # fmt: skip
FOOD = ("appearance", "smell", "taste", "texture", "packing")
MADE = ("workmanship", "material", "finish", "dimensions", "packing")
SCENT = ("appearance", "smell", "consistency", "purity", "packing")
RAW = ("cleanliness", "dryness", "evenness", "performance", "packing")
QUARTER = Decimal("0.25")


class SheetKind(StrEnum):
    CUPPING = "cupping"
    FOOD = "food"
    MADE = "made"
    SCENT = "scent"
    RAW = "raw"


@dataclass(frozen=True)
class Scale:
    """The attributes of a sheet and which points they take."""

    kind: SheetKind
    attributes: tuple[str, ...]
    least: Decimal
    most: Decimal
    step: Decimal
    counts_defects: bool


_COFFEE = Scale(SheetKind.CUPPING, CUPPING, Decimal(6), Decimal(10), QUARTER, counts_defects=True)


def _short(kind: SheetKind, attributes: tuple[str, ...]) -> Scale:
    return Scale(kind, attributes, Decimal(1), Decimal(5), Decimal(1), counts_defects=False)


_FOOD, _MADE = _short(SheetKind.FOOD, FOOD), _short(SheetKind.MADE, MADE)
_SCENT, _RAW = _short(SheetKind.SCENT, SCENT), _short(SheetKind.RAW, RAW)
# by the first part of a category
_BRANCHES = {
    "craft": _MADE, "furniture": _MADE, "textile": _MADE, "aroma": _SCENT, "care": _SCENT, "biomass": _RAW,
}  # fmt: skip


def scale_for(commodity: str, category: str = "") -> Scale:
    """The sheet a commodity is judged by; ``commodity`` is a key of the registry, such as "coffee-arabica-green", and
    ``category`` its place there, such as "textile/fabric". Goods of no known branch are judged as food."""
    if commodity.startswith("coffee-"):
        return _COFFEE
    return _BRANCHES.get(category.partition("/")[0], _FOOD)


def is_on_scale(value: Decimal, scale: Scale) -> bool:
    """Whether these points may be given."""
    return scale.least <= value <= scale.most and (value - scale.least) % scale.step == 0


def final_score(points: Mapping[str, Decimal], scale: Scale, taints: int = 0, faults: int = 0) -> Decimal:
    """Coffee: the sum less two points a cup for taints and four for faults; else the mean, both of 100 at best.

    Raises `ValueError` unless every attribute has its points.
    """
    if set(points) != set(scale.attributes) or not all(is_on_scale(each, scale) for each in points.values()):
        raise ValueError("points")
    total = sum(points.values(), Decimal(0))
    if scale.counts_defects:
        return max(total - 2 * taints - 4 * faults, Decimal(0))
    return (total * 100 / (scale.most * len(scale.attributes))).quantize(QUARTER)
