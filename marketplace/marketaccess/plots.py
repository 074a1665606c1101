"""Plots of land as the European Union wants them of coffee, cocoa and wood: a GeoJSON file, looked at plot by plot.

Checks what a machine can tell: coordinates in WGS 84 with six decimals, closed rings without crossings, places in
Indonesia, plots that overlap, points for plots of more than four hectares, weights that add up to the lot. Whether the
land was cleared, or the papers are right, it cannot tell and never says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from marketplace.marketaccess.shapes import Corner, crosses_itself, hectares, is_ring_closed, meet

MOST_BYTES = 1_000_000
MOST_PLOTS, MOST_CORNERS = 500, 1_500  # each pair of sides is compared: a second of work at worst
POINT_AT_MOST = Decimal(4)  # hectares: more needs the outline
DECIMALS = 6
_LEAST, _FINEST = Decimal("1e-9"), 12  # of an amount: a file may name one of a million digits
# islands and the waters around them: https://en.wikipedia.org/wiki/Extreme_points_of_Indonesia
WEST, EAST, SOUTH, NORTH = Decimal(94), Decimal("141.1"), Decimal("-11.1"), Decimal("6.2")


class Fault(StrEnum):
    """What keeps a file from being handed on."""

    NOT_JSON = "not_json"
    NO_PLOTS = "no_plots"
    TOO_MANY = "too_many"
    SHAPE = "shape"
    NUMBERS = "numbers"
    OTHER_SYSTEM = "other_system"
    DECIMALS = "decimals"
    OPEN = "open"
    CORNERS = "corners"
    HOLES = "holes"
    CROSSES = "crosses"
    NOT_HERE = "not_here"
    SWAPPED = "swapped"
    POINT = "point"
    AREA = "area"
    OVERLAPS = "overlaps"
    WEIGHT = "weight"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault; ``plot`` counts from 1, 0 is the file as a whole; ``other`` names a second plot or an amount."""

    fault: Fault
    plot: int = 0
    other: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: a single corner is a point."""

    corners: tuple[Corner, ...]
    producer: str
    place: str
    area: Decimal | None  # hectares, as stated
    weight_kg: Decimal | None  # of the lot's goods

    @property
    def is_point(self) -> bool:
        """Whether only one place is known of it."""
        return len(self.corners) == 1

    @property
    def size(self) -> Decimal | None:
        """Hectares: reckoned from the outline, else as stated."""
        return self.area if self.is_point else hectares(self.corners)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds and what is wrong with it."""

    plots: tuple[Plot, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def whole_area(self) -> Decimal:
        """Hectares of all plots whose size is known."""
        return sum((plot.size or Decimal(0) for plot in self.plots), Decimal(0))


def check_plots(data: bytes, lot_kg: Decimal | None = None) -> Checked:
    """Read a GeoJSON file and look at every plot. ``lot_kg`` is the weight of the lot that the plots' weights make up.

    Never raises on what a file holds: the findings tell.
    """
    if len(data) > MOST_BYTES:
        return Checked(findings=(Finding(Fault.TOO_MANY),))
    try:
        tree = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError, InvalidOperation):
        return Checked(findings=(Finding(Fault.NOT_JSON),))
    features = _features(tree)
    if not features:
        return Checked(findings=(Finding(Fault.NO_PLOTS),))
    # counted before any outline is looked at: a single one of a whole file's corners would take hours
    if len(features) > MOST_PLOTS or sum(map(_corners_in, features)) > MOST_CORNERS:
        return Checked(findings=(Finding(Fault.TOO_MANY),))
    findings = [Finding(Fault.OTHER_SYSTEM)] if _names_other_system(tree) else []
    plots: list[tuple[int, Plot]] = []
    for number, feature in enumerate(features, start=1):
        plot, found = _plot(feature, number)
        findings += found
        if plot is not None:
            plots.append((number, plot))
    findings += _overlaps(plots)
    findings += _weights(plots, lot_kg)
    return Checked(tuple(plot for _number, plot in plots), tuple(findings))


def exported(plots: Sequence[Plot]) -> str:
    """The plots as a file for the importer: the Union's names of properties, nothing else of the input."""
    return json.dumps(
        {"type": "FeatureCollection", "features": [_feature(plot) for plot in plots]}, ensure_ascii=False, indent=1
    )


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _features(tree: Any) -> list[Any]:
    if not isinstance(tree, dict):
        return []
    if tree.get("type") == "FeatureCollection":
        found = tree.get("features")
        return found if isinstance(found, list) else []
    if tree.get("type") == "Feature":
        return [tree]
    return [{"type": "Feature", "geometry": tree}] if "coordinates" in tree else []


def _names_other_system(tree: Any) -> bool:
    """Older files may name a system of coordinates; without a name it is WGS 84."""
    named = tree.get("crs") if isinstance(tree, dict) else None
    if named is None:
        return False
    text = json.dumps(named, default=str).upper()
    return not any(sign in text for sign in ("CRS84", "EPSG:4326", "EPSG::4326", "WGS84", "WGS 84"))


def _corners_in(feature: Any) -> int:
    """How many corners a plot's outline names, whatever they are; 1 for a point and for what is none."""
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    rings = shape.get("coordinates") if isinstance(shape, dict) else None
    return len(rings[0]) if isinstance(rings, list) and rings and isinstance(rings[0], list) else 1


def _plot(feature: Any, number: int) -> tuple[Plot | None, list[Finding]]:
    shape = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(shape, dict) or shape.get("type") not in ("Point", "Polygon"):  # it may be anything
        return None, [Finding(Fault.SHAPE, number)]
    given = shape.get("coordinates")
    rings = [[given]] if shape["type"] == "Point" else given
    if not isinstance(rings, list) or not rings or not isinstance(rings[0], list):
        return None, [Finding(Fault.SHAPE, number)]
    corners = [_corner(one) for one in rings[0]]
    read = tuple(one for one in corners if one is not None)
    if not read or len(read) < len(corners):
        return None, [Finding(Fault.NUMBERS, number)]
    properties = feature.get("properties")
    known = {str(key).lower(): value for key, value in properties.items()} if isinstance(properties, dict) else {}
    plot = Plot(
        read,
        _text(known.get("producername")),
        _text(known.get("productionplace")),
        _amount(known.get("area")),
        _amount(known.get("weight_kg")),
    )
    found = _about_place(read, number) + ([] if plot.is_point else _about_outline(read, number))
    if len(rings) > 1:
        found.append(Finding(Fault.HOLES, number))
    if plot.is_point and plot.area is None:
        found.append(Finding(Fault.AREA, number))
    elif plot.is_point and plot.area is not None and plot.area > POINT_AT_MOST:
        found.append(Finding(Fault.POINT, number))
    return plot, found


def _about_place(corners: Sequence[Corner], number: int) -> list[Finding]:
    found = []
    if any(_decimals(value) < DECIMALS for corner in corners for value in corner):
        found.append(Finding(Fault.DECIMALS, number))
    if not all(_is_here(east, north) for east, north in corners):
        is_swapped = all(_is_here(north, east) for east, north in corners)
        found.append(Finding(Fault.SWAPPED if is_swapped else Fault.NOT_HERE, number))
    return found


def _about_outline(corners: Sequence[Corner], number: int) -> list[Finding]:
    if not is_ring_closed(corners):
        return [Finding(Fault.OPEN, number)]
    if len(set(corners)) < 3 or len(corners) < 4:
        return [Finding(Fault.CORNERS, number)]
    return [Finding(Fault.CROSSES, number)] if crosses_itself(corners) else []


def _overlaps(plots: Sequence[tuple[int, Plot]]) -> list[Finding]:
    outlines = [(number, plot) for number, plot in plots if not plot.is_point and is_ring_closed(plot.corners)]
    return [
        Finding(Fault.OVERLAPS, number, str(other))
        for place, (number, plot) in enumerate(outlines)
        for other, second in outlines[place + 1 :]
        if meet(plot.corners, second.corners)
    ]


def _weights(plots: Sequence[tuple[int, Plot]], lot_kg: Decimal | None) -> list[Finding]:
    if lot_kg is None:
        return []
    missing = [Finding(Fault.WEIGHT, number) for number, plot in plots if plot.weight_kg is None]
    whole = sum((plot.weight_kg or Decimal(0) for _number, plot in plots), Decimal(0))
    return missing or ([] if whole == lot_kg else [Finding(Fault.SUM, 0, f"{whole:f}")])


def _corner(given: Any) -> Corner | None:
    """East and north of one corner; a height is left out."""
    if not isinstance(given, list) or len(given) not in {2, 3}:
        return None
    east, north = given[0], given[1]
    if not (isinstance(east, Decimal) and isinstance(north, Decimal)):
        return None
    return (east, north) if abs(east) <= 180 and abs(north) <= 180 else None


def _is_here(east: Decimal, north: Decimal) -> bool:
    return WEST <= east <= EAST and SOUTH <= north <= NORTH


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _text(value: Any) -> str:
    return value.strip()[:120] if isinstance(value, str) else ""


def _amount(value: Any) -> Decimal | None:
    """An amount above zero, given as a number or as its text; one too fine to be written out is none."""
    try:
        amount = Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return None
    is_sound = (
        isinstance(amount, Decimal)
        and amount.is_finite()
        and _LEAST <= amount < 10**12
        and _decimals(amount) <= _FINEST
    )
    return amount if is_sound else None


def _feature(plot: Plot) -> Mapping[str, Any]:
    corners = [[_short(east), _short(north)] for east, north in plot.corners]
    shape = (
        {"type": "Point", "coordinates": corners[0]} if plot.is_point else {"type": "Polygon", "coordinates": [corners]}
    )
    about: dict[str, Any] = {"ProducerCountry": "ID"}
    if plot.producer:
        about["ProducerName"] = plot.producer
    if plot.place:
        about["ProductionPlace"] = plot.place
    if plot.size is not None:
        about["Area"] = float(round(plot.size, 4))
    return {"type": "Feature", "properties": about, "geometry": shape}


def _short(value: Decimal) -> float:
    return math.copysign(float(round(abs(value), DECIMALS)), value)
