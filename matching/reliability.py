"""Whether confidence keeps its word: what was told beforehand against what came, with the doubt of few cases."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Reliability:
    """One band of confidence: cases, the mean confidence told, the share that came true and its interval."""

    band: str
    cases: int
    told: float
    came: float
    low: float
    high: float


def reliability(bands: Sequence[str], cases: Iterable[tuple[str, float, bool]]) -> list[Reliability]:
    """Cases (band, confidence, whether it came true) gathered by band, in the order of ``bands``; empty ones are left
    out."""
    told: dict[str, list[float]] = defaultdict(list)
    came: dict[str, int] = defaultdict(int)
    for band, confidence, is_true in cases:
        told[band].append(confidence)
        came[band] += is_true
    found = []
    for band in bands:
        count = len(told[band])
        if count:
            low, high = wilson(came[band], count)
            found.append(Reliability(band, count, sum(told[band]) / count, came[band] / count, low, high))
    return found


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """The 95 % interval of a share, honest for few cases too (Wilson, 1927)."""
    if not cases:
        return 0.0, 1.0
    share, square = hits / cases, _Z * _Z
    middle = (share + square / (2 * cases)) / (1 + square / cases)
    half = _Z / (1 + square / cases) * math.sqrt(share * (1 - share) / cases + square / (4 * cases * cases))
    return max(0.0, middle - half), min(1.0, middle + half)


def expected_error(cases: Sequence[tuple[float, bool]], bins: int = 5) -> float:
    """How far confidence is off on average: the gap between told and come in each of ``bins``, weighed by its cases."""
    boxes: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, is_true in cases:
        boxes[min(bins - 1, int(confidence * bins))].append((confidence, is_true))
    gaps = [abs(sum(each for each, _true in box) - sum(is_true for _each, is_true in box)) for box in boxes.values()]
    return sum(gaps) / len(cases) if cases else 0.0


def tenths(cases: Iterable[tuple[float, bool]]) -> list[Reliability]:
    """Cases (confidence, whether it came true) by tenths of confidence, the surest first."""
    named = [(f"{min(9, int(told * 10)) / 10:.1f}", told, came) for told, came in cases]
    return reliability([f"{each / 10:.1f}" for each in range(9, -1, -1)], named)
