"""Fields of all documents in memory: filters and facet counts without SQL.

Snapshots never change: a refresh makes a new one that shares what stayed equal.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from search import ranking
from search.engines.sqlite.number_column import NumberColumn
from search.engines.sqlite.remembered import Remembered
from search.engines.sqlite.value_column import ValueColumn


@dataclass(frozen=True)
class Columns:
    """One state of the index: ``change`` and ``generation`` name it; ``remembered`` is what was worked out on it."""

    generation: int = 0
    change: int = 0
    length: int = 0
    live: Mapping[str, int] = field(default_factory=dict)
    keys: "array[int]" = field(default_factory=lambda: array("q"))
    keywords: Mapping[str, ValueColumn] = field(default_factory=dict)
    numbers: Mapping[str, NumberColumn] = field(default_factory=dict)
    certificates: Mapping[str, NumberColumn] = field(default_factory=dict)
    signals: Mapping[str, "array[float]"] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered, compare=False)

    def prior(self, switched_off: frozenset[str]) -> "array[float]":
        """By row, the factor that signals add to a text score."""
        made = self.remembered.priors.get(switched_off)
        if made is None:
            made = array("d", [1.0]) * self.length
            for weight, column in self.weighed(switched_off):
                for row, value in enumerate(column):
                    if value:
                        made[row] += weight * value
            self.remembered.priors[switched_off] = made
        return made

    def weighed(self, switched_off: frozenset[str]) -> "list[tuple[float, array[float]]]":
        """The signals that count, with their weights; in one order everywhere, since the last digit depends on it."""
        counting = sorted(name for name in self.signals if name in ranking.SIGNALS and name not in switched_off)
        return [(ranking.SIGNALS[name], self.signals[name]) for name in counting]
