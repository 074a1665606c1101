"""What searches worked out on one state of the index, for the searches that come after them on the same state."""

from array import array
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_MASKS = 96


class Recent(Generic[K, V]):
    """The last so many values by name; safe among threads because every step is one operation of a dictionary."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, name: K) -> V | None:
        """The value, if it is still known."""
        return self._values.get(name)

    def __setitem__(self, name: K, value: V) -> None:
        self._values[name] = value
        while len(self._values) > self._size:
            try:
                self._values.popitem(last=False)
            except KeyError:  # another thread took the last one
                return

    def __len__(self) -> int:
        return len(self._values)

    def items(self) -> list[tuple[K, V]]:
        """What is known now, oldest first; empty where other threads would not let it be read."""
        for _ in range(3):
            try:
                return list(self._values.items())
            except RuntimeError:  # another thread changed it meanwhile
                continue
        return []


class Order(NamedTuple):
    """All rows as a page without words has them, and when each was listed."""

    rows: "array[int]"
    listed: "array[float]"


class Remembered:
    """Bounded, and true of one state alone; ``carrying`` takes over into the next what a change leaves true.

    ``former`` are masks of the states before, each with the rows that have changed since.
    """

    def __init__(self) -> None:
        self.priors: Recent[frozenset[str], array[float]] = Recent(8)
        self.orders: Recent[frozenset[str], Order] = Recent(4)
        self.frequencies: Recent[str, int] = Recent(4_096)
        self.masks: Recent[str, int] = Recent(_MASKS)
        self.former: dict[str, tuple[int, frozenset[int]]] = {}
        self.answers: Recent[Hashable, object] = Recent(96)  # each with and without counts
        self.vocabulary: dict[str, int] | None = None
