"""Order inside ties: who was shown less comes first, now and then by lot; never across a visible difference."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Generic

from matching.ties import M, ties

# How often a tie is drawn by lot; what is learned from those places is free of the order we chose ourselves.
LOT = 0.2
LEAST_A_WEEK, MOST_A_WEEK, UNKNOWN_A_WEEK = 6, 30, 12
# About one request in eight becomes an order, and a month has four weeks.
_REQUESTS_AN_ORDER, _WEEKS_A_MONTH = 8, 4


@dataclass(frozen=True, slots=True)
class Placed(Generic[M]):
    """A match at its place, and how likely that place was for it."""

    match: M
    propensity: float

    @property
    def stored_propensity(self) -> Decimal:
        """The propensity as it is kept."""
        return Decimal(str(round(self.propensity, 6)))


def arranged(
    matches: Sequence[M], exposure: Mapping[str, float], full: frozenset[str], seed: str
) -> tuple[Placed[M], ...]:
    """Matches in their order, ties arranged by exposure: sellers not asked too often this week (``full``), then who
    was shown least. A share of the ties is drawn by lot; the same seed draws the same."""
    found: list[Placed[M]] = []
    for number, tie in enumerate(ties(matches)):
        if len(tie) == 1:
            found.append(Placed(tie[0], 1.0))
            continue
        chance = _chance(f"{seed}:{number}")
        fair = sorted(tie, key=lambda each: (each.seller in full, exposure.get(each.seller, 0.0), -each.score))
        drawn = list(fair)
        is_drawn = chance.random() < LOT
        if is_drawn:
            chance.shuffle(drawn)
        for place, match in enumerate(drawn):
            stays = fair[place] is match
            found.append(Placed(match, LOT / len(tie) + (1 - LOT if stays else 0.0)))
    return tuple(found)


def _chance(seed: str) -> Random:
    return Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))


def most_a_week(minimum: float | None, monthly_capacity: float | None) -> int:
    """How many requests a week suit a seller: as many as may fill the declared capacity with smallest orders."""
    if not minimum or not monthly_capacity:
        return UNKNOWN_A_WEEK
    return min(MOST_A_WEEK, max(LEAST_A_WEEK, round(monthly_capacity / minimum * _REQUESTS_AN_ORDER / _WEEKS_A_MONTH)))
