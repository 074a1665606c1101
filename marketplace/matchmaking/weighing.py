"""What the features of a match are worth: which weights make sense, and when others have won against them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

FEATURES = ("grade", "shared", "wished", "certain", "price", "room", "words", "export")
HEAVIEST = 1.0
# Fewer decided pairs than these say nothing; a comparison older than this is made again before a switch.
LEAST_PAIRS = 20
COMPARISON_HOLDS = timedelta(days=1)
# What all features but the grade may weigh together: a better grade always stands above them.
LIGHT = 1 / 3


def is_sensible(weights: Mapping[str, float]) -> bool:
    """Whether weights are complete, none below nothing, and never put a lower grade above a higher one."""
    if set(weights) != set(FEATURES) or not all(0 <= each <= HEAVIEST for each in weights.values()):
        return False
    others = sum(value for name, value in weights.items() if name != "grade")
    return weights["grade"] > 0 and others <= weights["grade"] * LIGHT


def has_won(figures: Mapping[str, Any]) -> bool:
    """Whether a comparison (``pairs``, and how many of them each side put right) was won, on enough pairs."""
    return int(figures.get("pairs", 0)) >= LEAST_PAIRS and int(figures["candidate"]) > int(figures["live"])


def may_serve(
    figures: Mapping[str, Any], compared_at: datetime | None, promoted_at: datetime | None, moment: datetime
) -> bool:
    """Whether weights may serve: they did before, or have just won."""
    if promoted_at is not None:
        return True
    return compared_at is not None and moment - compared_at <= COMPARISON_HOLDS and has_won(figures)
