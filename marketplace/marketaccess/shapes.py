"""Outlines on the ground: whether a ring is closed, crosses itself or meets another, and how many hectares it has.

Corners are (east, north) in degrees of WGS 84. Plots are small, so the sphere is flattened around each of them; the
area is off by less than half a percent.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from decimal import Decimal

Corner = tuple[Decimal, Decimal]
_RADIUS = 6_371_007.2  # metres, of the sphere with the surface of WGS 84


def is_ring_closed(corners: Sequence[Corner]) -> bool:
    """Whether the last corner is the first."""
    return len(corners) > 1 and corners[0] == corners[-1]


def hectares(corners: Sequence[Corner]) -> Decimal:
    """The area inside a ring, to the square metre."""
    middle = math.radians(float(sum((north for _east, north in corners), Decimal(0)) / len(corners)))
    scale = math.radians(1) * _RADIUS
    # from the first corner on, or the differences of large numbers would lose what matters
    flat = [
        (float(east - corners[0][0]) * scale * math.cos(middle), float(north - corners[0][1]) * scale)
        for east, north in corners
    ]
    twice = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in itertools.pairwise(flat))
    return Decimal(round(abs(twice) / 2)) / 10_000


def crosses_itself(corners: Sequence[Corner]) -> bool:
    """Whether two sides of a closed ring have a place in common, besides the corner between neighbours."""
    sides = list(itertools.pairwise(corners))
    last = len(sides) - 1
    for place, first in enumerate(sides):
        for other in range(place + 1, len(sides)):
            second = sides[other]
            if not _boxes_touch(first, second):
                continue
            if other == place + 1 or (place == 0 and other == last):
                if _folds_back(first, second) or (last > 1 and _folds_back(second, first)):
                    return True
            elif _touch(first, second):
                return True
    return False


def meet(ring: Sequence[Corner], other: Sequence[Corner]) -> bool:
    """Whether two closed rings have land in common. A shared border is none."""
    around, beside = _box(ring), _box(other)
    if not _boxes_touch(around, beside):
        return False
    first = [side for side in itertools.pairwise(ring) if _boxes_touch(side, beside)]
    second = [side for side in itertools.pairwise(other) if _boxes_touch(side, around)]
    for side in first:
        if any(_boxes_touch(side, each) and _cross(side, each) for each in second):
            return True
    # no side cuts another: each runs inside the other ring, outside of it, or along it
    return (
        any(_runs_inside(side, second, other) for side in first)
        or any(_runs_inside(side, first, ring) for side in second)
        or _is_inside(_place_in(ring), other)  # all along it: the same land
    )


_Line = tuple[Corner, Corner]


def _box(corners: Sequence[Corner]) -> _Line:
    east, north = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return (min(east), min(north)), (max(east), max(north))


def _boxes_touch(first: _Line, second: _Line) -> bool:
    return all(
        min(first[0][axis], first[1][axis]) <= max(second[0][axis], second[1][axis])
        and min(second[0][axis], second[1][axis]) <= max(first[0][axis], first[1][axis])
        for axis in (0, 1)
    )


def _turn(a: Corner, b: Corner, c: Corner) -> int:
    """1 to the left, -1 to the right, 0 straight on; exact."""
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def _cross(first: _Line, second: _Line) -> bool:
    """Whether two lines cut each other, neither ending on the other."""
    return (
        _turn(*first, second[0]) * _turn(*first, second[1]) < 0
        and _turn(*second, first[0]) * _turn(*second, first[1]) < 0
    )


def _touch(first: _Line, second: _Line) -> bool:
    """Whether two lines have a place in common."""
    if _cross(first, second):
        return True
    return any(_is_on(corner, first) for corner in second) or any(_is_on(corner, second) for corner in first)


def _is_on(corner: Corner, line: _Line) -> bool:
    return _turn(*line, corner) == 0 and _boxes_touch((corner, corner), line)


def _folds_back(first: _Line, second: _Line) -> bool:
    """Whether a side runs back over its neighbour."""
    ends = [corner for corner in second if corner not in first]
    return any(_is_on(corner, first) for corner in ends)


def _is_inside(corner: Corner, ring: Sequence[Corner]) -> bool:
    """Whether a place lies within a ring, not on its border."""
    x, y = corner
    inside = False
    for start, end in itertools.pairwise(ring):
        if _is_on(corner, (start, end)):
            return False
        if (start[1] > y) != (end[1] > y):
            at = start[0] + (y - start[1]) * (end[0] - start[0]) / (end[1] - start[1])
            inside ^= x < at
    return inside


def _runs_inside(side: _Line, sides: Sequence[_Line], ring: Sequence[Corner]) -> bool:
    """Whether a side that cuts none of a ring's ``sides`` has a part within the ring."""
    start, end = side
    stops = {start, end} | {corner for one in sides for corner in one if _is_on(corner, side)}
    along = sorted(stops, reverse=start > end)
    return any(_is_inside(_middle(one, next_one), ring) for one, next_one in itertools.pairwise(along))


def _middle(first: Corner, second: Corner) -> Corner:
    return (first[0] + second[0]) / 2, (first[1] + second[1]) / 2


def _place_in(ring: Sequence[Corner]) -> Corner:
    """A place within a closed ring: between its first two walls on a height where it has no corner."""
    heights = sorted({north for _east, north in ring})
    if len(heights) < 2:
        return ring[0]
    y = (heights[0] + heights[1]) / 2
    walls = sorted(
        start[0] + (y - start[1]) * (end[0] - start[0]) / (end[1] - start[1])
        for start, end in itertools.pairwise(ring)
        if (start[1] > y) != (end[1] > y)
    )
    return (walls[0] + walls[1]) / 2, y
