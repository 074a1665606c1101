"""What searches worked out on one state of the index, for the searches that come after them on the same state."""

from array import array
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from itertools import count
from typing import Generic, NamedTuple, TypeVar

from search.rerank import Candidate, Named
from search.results import Facet, Highlight

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_MASKS, _TITLES, _SCORES, _HIGHLIGHTS, _RANKED, _CANDIDATES = 96, 2_048, 32, 480, 12, 8


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

    def without(self, gone: Iterable[K]) -> "Recent[K, V]":
        """A copy that does not know some names."""
        made = Recent[K, V](self._size)
        made._values = self._values.copy()
        for name in gone:
            made._values.pop(name, None)
        return made

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


class Scores(NamedTuple):
    """Rows with their text scores in the order in which they were found, and the rows as a mask."""

    rows: "array[int]"
    scores: "array[float]"
    mask: int


class Ranked(NamedTuple):
    """Rows with their scores, best first."""

    rows: "array[int]"
    scores: "array[float]"


class Order(NamedTuple):
    """All rows as a page without words has them, and when each was listed."""

    rows: "array[int]"
    listed: "array[float]"


Titles = Recent[int, tuple[Named, ...]]  # by row


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
        self.scores: Recent[str, Scores] = Recent(_SCORES)
        # by what was asked of the words, the rows that filters leave, and the signals left out
        self.ranked: Recent[tuple[str, int, frozenset[str]], Ranked] = Recent(_RANKED)
        # by the language, the concepts asked for, the rows with their scores, and the signals left out
        self.candidates: Recent[Hashable, tuple[Candidate, ...]] = Recent(_CANDIDATES)
        self.answers: Recent[Hashable, object] = Recent(96)  # each with and without counts
        # by rows, filters, day and which facets
        self.facets: Recent[Hashable, tuple[Facet, ...]] = Recent(64)
        # by the number of what is marked, and the row
        self.highlights: Recent[tuple[int, int], tuple[Highlight, ...]] = Recent(_HIGHLIGHTS)
        self._numbers: Recent[Hashable, int] = Recent(_SCORES)
        self._counted = count()
        self.titles: dict[str, Titles] = {}  # by reader's language
        self.vocabulary: dict[str, int] | None = None

    def aside(self) -> "Remembered":
        """For who reads an older state than the columns are of: what the columns alone say, and nothing that is read
        goes back."""
        made = Remembered()
        made.priors, made.orders = self.priors, self.orders
        return made

    def number_of(self, name: Hashable) -> int:
        """A number for a long name, the same as long as it is remembered, and never that of another."""
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = next(self._counted)
        return number

    def titles_for(self, language: str) -> Titles:
        """The titles that readers of a language are shown."""
        found = self.titles.get(language)
        return self.titles.setdefault(language, Titles(_TITLES)) if found is None else found
