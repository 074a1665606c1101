"""Neighbours of a vector among things that meet conditions: plain values, and the exact answer in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Is:
    """A field has one of these words."""

    field: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number is known and not below this one."""

    field: str
    value: float


@dataclass(frozen=True, slots=True)
class AtMost:
    """A number is known and not above this one."""

    field: str
    value: float


@dataclass(frozen=True, slots=True)
class Either:
    """One of these conditions is met."""

    conditions: tuple["Condition", ...]


Condition = Is | AtLeast | AtMost | Either


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a vector of length 1. ``numbers`` may hold one level of groups, named with a full stop."""

    key: str
    version: int
    vector: Sequence[float]
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """How alike an entry is: the cosine, from -1 to 1."""

    key: str
    likeness: float


def is_met(condition: Condition, entry: Entry) -> bool:
    """Whether an entry meets a condition."""
    if isinstance(condition, Is):
        return not condition.values.isdisjoint(entry.words.get(condition.field, ()))
    if isinstance(condition, Either):
        return any(is_met(each, entry) for each in condition.conditions)
    number = entry.numbers.get(condition.field)
    if number is None:
        return False
    return number >= condition.value if isinstance(condition, AtLeast) else number <= condition.value


class ExactNeighbours:
    """Every entry held against the question, those that meet the conditions first: nothing is missed."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        import numpy

        self._entries = sorted(entries, key=lambda each: each.key)
        vectors = [each.vector for each in self._entries]
        self._vectors: NDArray[float32] = numpy.array(vectors, numpy.float32)

    def nearest(self, vector: Sequence[float], conditions: Sequence[Condition], n: int) -> list[Neighbour]:
        """The ``n`` entries nearest to a vector among those that meet all conditions, equals by key."""
        import numpy

        rows = [row for row, each in enumerate(self._entries) if all(is_met(one, each) for one in conditions)]
        if not rows:
            return []
        likeness = self._vectors[rows] @ numpy.asarray(vector, numpy.float32)
        order = numpy.argsort(-likeness, kind="stable")[:n].tolist()
        return [Neighbour(self._entries[rows[each]].key, float(likeness[each])) for each in order]
