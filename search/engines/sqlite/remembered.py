"""What searches worked out on one state of the index, for the searches that come after them on the same state."""

from array import array
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


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


class Remembered:
    """Bounded, and gone with the state: nothing here outlives a change of the index."""

    def __init__(self) -> None:
        self.priors: Recent[frozenset[str], array[float]] = Recent(8)
        self.orders: Recent[frozenset[str], array[int]] = Recent(4)
        self.frequencies: Recent[str, int] = Recent(4_096)
        self.masks: Recent[str, int] = Recent(96)
        self.answers: Recent[Hashable, object] = Recent(96)  # each with and without counts
        self.vocabulary: dict[str, int] | None = None
