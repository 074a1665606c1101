"""Many texts at once: what `vectors` does with one, in a few steps of arithmetic for all of them together."""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_KEPT_TOKENS = 50_000


class Columns(dict[str, tuple[int, ...]]):
    """Which columns of a vocabulary a token of a text counts in; what was found is kept, of very many anew."""

    def __init__(self, terms_of: Callable[[str], Sequence[str]], vocabulary: dict[str, int]) -> None:
        super().__init__()
        self._terms_of = terms_of
        self._vocabulary = vocabulary

    def __missing__(self, token: str) -> tuple[int, ...]:
        if len(self) >= _KEPT_TOKENS:
            self.clear()
        known = map(self._vocabulary.get, self._terms_of(token))
        found = self[token] = tuple(column for column in known if column is not None)
        return found


def shares(tokens: Sequence[Sequence[str]], columns: Columns, idf: "NDArray[float32]", weight: float) -> Any:
    """(texts, terms) as a sparse matrix of scipy: TF-IDF, each row of length ``weight``, or empty where a text has no
    term of the vocabulary."""
    import numpy
    from scipy.sparse import csr_matrix

    found = [list(chain.from_iterable(map(columns.__getitem__, each))) for each in tokens]
    lengths = numpy.fromiter(map(len, found), numpy.int64, len(found))
    flat = numpy.fromiter(chain.from_iterable(found), numpy.int64, int(lengths.sum()))
    places = numpy.repeat(numpy.arange(len(found)), lengths) * len(idf) + flat
    told, counts = numpy.unique(places, return_counts=True)
    rows, terms = numpy.divmod(told, max(1, len(idf)))
    made = (1 + numpy.log(counts.astype(numpy.float32))) * idf[terms]
    squares = numpy.bincount(rows, made.astype(numpy.float64) ** 2, len(found))
    made *= (weight / numpy.sqrt(squares[rows])).astype(numpy.float32)
    ends = numpy.searchsorted(rows, numpy.arange(len(found) + 1))
    return csr_matrix((made, terms, ends), shape=(len(found), len(idf)))
