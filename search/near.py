"""Neighbours of a vector among things that meet conditions: plain values, and the exact answer in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

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
    """Something with a vector of length 1. Names of numbers have no full stop: to a server that is an object."""

    key: str
    version: int
    vector: Sequence[float]
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    content: str = ""
    """What comes back with it; not looked into."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """How alike an entry is: the cosine, from -1 to 1."""

    key: str
    likeness: float
    content: str = ""


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


class Neighbours(Protocol):
    """Entries of which the nearest can be asked for. All methods may raise EngineUnavailable."""

    def is_ready(self) -> bool:
        """Whether it was ever filled."""

    def put(self, entries: Iterable[Entry]) -> int:
        """Store entries unless newer versions are there; how many were stored."""

    def remove(self, keys: Mapping[str, int]) -> int:
        """Take entries out as of a version."""

    def refresh(self) -> None:
        """Make what was written findable now."""

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Fill it anew while the former entries answer; how many were stored."""

    def nearest(self, vector: Sequence[float], conditions: Sequence[Condition], n: int) -> list[Neighbour]:
        """The ``n`` entries nearest to a vector among those that meet all conditions, the nearest first."""

    def forget_others(self, makes: Iterable[str]) -> None:
        """Drop what belongs to vectors of other makes than these and its own."""

    def drop(self) -> None:
        """Remove everything of this make."""


class ExactNeighbours:
    """Every entry held against the question, those that meet the conditions first: nothing is missed."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._known: dict[str, Entry] = {}
        self._versions: dict[str, int] = {}
        self._is_ready = False
        self.rebuild(entries)
        self._is_ready = bool(self._known)

    def is_ready(self) -> bool:
        """Whether it was ever filled."""
        return self._is_ready

    def put(self, entries: Iterable[Entry]) -> int:
        """Store entries unless newer versions are there; how many were stored."""
        stored = 0
        for each in entries:
            if each.version >= self._versions.get(each.key, each.version):
                self._known[each.key], self._versions[each.key] = each, each.version
                stored += 1
        self.refresh()
        return stored

    def remove(self, keys: Mapping[str, int]) -> int:
        """Take entries out as of a version."""
        gone = {key for key, version in keys.items() if version >= self._versions.get(key, version)}
        for key in gone:
            self._known.pop(key, None)
            self._versions[key] = keys[key]
        self.refresh()
        return len(gone)

    def refresh(self) -> None:
        """Make what was written findable now."""
        import numpy

        self._entries = [self._known[key] for key in sorted(self._known)]
        self._vectors: NDArray[float32] = numpy.array([each.vector for each in self._entries], numpy.float32)

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Fill it anew."""
        self._known, self._versions = {}, {}
        stored = self.put(entries)
        self._is_ready = True
        return stored

    def forget_others(self, makes: Iterable[str]) -> None:
        """There are none: what is in memory is of one make."""

    def drop(self) -> None:
        """Remove everything."""
        self.rebuild(())
        self._is_ready = False

    def nearest(self, vector: Sequence[float], conditions: Sequence[Condition], n: int) -> list[Neighbour]:
        """The ``n`` entries nearest to a vector among those that meet all conditions, equals by key."""
        import numpy

        rows = [row for row, each in enumerate(self._entries) if all(is_met(one, each) for one in conditions)]
        if not rows:
            return []
        likeness = self._vectors[rows] @ numpy.asarray(vector, numpy.float32)
        order = numpy.argsort(-likeness, kind="stable")[:n].tolist()
        return [self._neighbour(rows[each], float(likeness[each])) for each in order]

    def _neighbour(self, row: int, likeness: float) -> Neighbour:
        return Neighbour(self._entries[row].key, likeness, self._entries[row].content)
