"""Why a document stands where it stands: every part of its score by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from search import ranking


class RelatedPlace(NamedTuple):
    """Where a document stands behind too few finds (from 1; 0 for nowhere), and how alike it is to the query."""

    place: int = 0
    likeness: float = 0.0


NOT_RELATED = RelatedPlace()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One document under one query. ``place`` counts from 1; 0 is behind what a page reaches, or not found at all.

    ``words`` says for each part of the query where it was found: title, text or nowhere. ``signals`` and ``features``
    are numbers from 0 to 1; what each adds is its weight times its value, as a share of the text score.
    """

    key: int
    is_found: bool = False
    place: int = 0
    score: float = 0.0
    text_score: float = 0.0
    words: Mapping[str, str] = field(default_factory=dict)
    signals: Mapping[str, float] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
    related: RelatedPlace = NOT_RELATED

    def parts(self) -> list[tuple[str, float, float, float]]:
        """Name, value, weight and share of everything that lifts the text score, the largest share first."""
        found = []
        for weights, values in ((ranking.SIGNALS, self.signals), (ranking.RERANK, self.features)):
            for name, weight in weights.items():
                value = values.get(name, 0.0)
                used = 0.0 if name in self.switched_off else weight
                found.append((name, value, used, used * value))
        return sorted(found, key=lambda each: (-each[3], each[0]))

    def as_values(self) -> dict[str, Any]:
        """For programs."""
        return {
            "key": self.key,
            "found": self.is_found,
            "place": self.place,
            "score": round(self.score, 4),
            "text_score": round(self.text_score, 4),
            "related": {"place": self.related.place, "likeness": round(self.related.likeness, 4)},
            "words": dict(self.words),
            "parts": [
                {"name": name, "value": round(value, 4), "weight": weight, "share": round(share, 4)}
                for name, value, weight, share in self.parts()
            ],
        }

    def _related(self) -> list[str]:
        place, likeness = self.related
        least = f"at least {ranking.LIKE:.2f} is asked for, weight {ranking.RELATED:.2f}"
        return (
            [f"It is related: place {place} behind what is found, likeness {likeness:.2f} ({least})."] if place else []
        )

    def lines(self) -> list[str]:
        """For people."""
        said = [f"{surface}: {where}" for surface, where in self.words.items()]
        if not self.is_found:
            return [f"Product {self.key} is not found by these words and conditions.", *self._related(), *said]
        place = f"place {self.place}" if self.place else "behind the last page"
        head = f"Product {self.key}: {place}, score {self.score:.4f}, of which the text makes {self.text_score:.4f}."
        table = [f"{name:14}{value:6.2f} x {weight:4.2f} = {share:+.1%}" for name, value, weight, share in self.parts()]
        return [head, *said, *table]
