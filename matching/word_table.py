"""Which offer uses which words, and how telling they are: learnt by scikit-learn, served from plain arrays in files.

A process that only ranks needs neither scikit-learn nor a copy of its own: the arrays stay in their files, and all
processes share the pages. A hundred megabytes less for each web worker.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matching.arrays import opened

if TYPE_CHECKING:
    from numpy import float32, int32, int64, uint8
    from numpy.typing import NDArray

_ARRAYS = ("idf", "indptr", "indices", "data")


class Terms:
    """A sorted vocabulary: one run of bytes and where each word begins, so that it can stay in a file."""

    def __init__(self, blob: "NDArray[uint8]", starts: "NDArray[int64]") -> None:
        self._blob, self._starts = blob, starts

    @classmethod
    def of(cls, vocabulary: Mapping[str, int]) -> "Terms":
        """From scikit-learn's vocabulary, whose columns are in the order of the words."""
        return cls.sorted(sorted(vocabulary, key=vocabulary.__getitem__))

    @classmethod
    def sorted(cls, words: Iterable[str]) -> "Terms":
        """From words in the order of their bytes."""
        import numpy

        encoded = [each.encode("utf-8", "surrogatepass") for each in words]
        starts = numpy.zeros(len(encoded) + 1, numpy.int64)
        numpy.cumsum([len(each) for each in encoded], out=starts[1:])
        return cls(numpy.frombuffer(b"".join(encoded), numpy.uint8), starts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def word(self, column: int) -> bytes:
        """The word of a column."""
        return bytes(self._blob[self._starts[column] : self._starts[column + 1]])

    def words(self, columns: "NDArray[Any]") -> list[str]:
        """The words of some columns."""
        starts, ends = self._starts[columns].tolist(), self._starts[columns + 1].tolist()
        taken = (bytes(self._blob[start:end]) for start, end in zip(starts, ends, strict=True))
        return [each.decode("utf-8", "surrogatepass") for each in taken]

    def column(self, term: str) -> int | None:
        """The column of a word, None where it was never learnt."""
        place = self.before(term)
        known = place < len(self) and self.word(place) == term.encode("utf-8", "surrogatepass")
        return place if known else None

    def before(self, term: str) -> int:
        """How many words come before one."""
        return bisect_left(range(len(self)), term.encode("utf-8", "surrogatepass"), key=self.word)

    def words_in_order(self) -> list[str]:
        """All words."""
        return [self.word(each).decode("utf-8", "surrogatepass") for each in range(len(self))]

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """What is stored."""
        return {"terms": self._blob, "starts": self._starts}


class WordTable:
    """TF-IDF of the words of offers, one row each."""

    def __init__(
        self,
        terms: Terms,
        idf: "NDArray[float32]",
        indptr: "NDArray[int64]",
        indices: "NDArray[int32]",
        data: "NDArray[float32]",
    ) -> None:
        self._terms, self._idf, self._indptr, self._indices, self._data = terms, idf, indptr, indices, data
        self.estimator: Any = None
        """What learnt the words, in the process that did."""

    @classmethod
    def fit(cls, texts: Sequence[list[str]]) -> "WordTable | None":
        """Learn the words of offers, given as index terms; None where there is no word."""
        import numpy
        from sklearn.feature_extraction.text import TfidfVectorizer

        if not any(texts):
            return None
        estimator = TfidfVectorizer(analyzer=identity, sublinear_tf=True, dtype=numpy.float32)
        matrix = estimator.fit_transform(texts)
        found = cls(
            Terms.of(estimator.vocabulary_),
            estimator.idf_.astype(numpy.float32),
            matrix.indptr.astype(numpy.int64),
            matrix.indices.astype(numpy.int32),
            matrix.data,
        )
        found.estimator = estimator
        return found

    def __len__(self) -> int:
        return len(self._indptr) - 1

    def weights(self, terms: Iterable[str]) -> dict[str, tuple[int, float, float]]:
        """For each word of a text that was learnt: its column, how telling it is, and its share in the text, the
        shares making a vector of length 1."""
        counted = Counter(terms)
        known = {each: column for each in counted if (column := self._terms.column(each)) is not None}
        telling = {each: float(self._idf[column]) for each, column in known.items()}
        shares = {each: (1 + log(counted[each])) * telling[each] for each in known}
        length = sum(each * each for each in shares.values()) ** 0.5
        return {each: (known[each], telling[each], shares[each] / length) for each in known}

    def spread(self, shares: Mapping[int, float]) -> "NDArray[Any] | None":
        """A text given as column to share as ``cosines`` takes it; None where it has no word that was learnt."""
        import numpy

        wanted = numpy.zeros(len(self._terms), numpy.float32)
        wanted[list(shares)] = list(shares.values())
        return wanted if shares else None

    def cosines(self, wanted: "NDArray[Any]", chosen: "NDArray[Any]") -> "NDArray[Any]":
        """Cosine of each of some rows and a text."""
        import numpy

        starts = self._indptr[chosen]
        lengths = self._indptr[chosen + 1] - starts
        ends = numpy.cumsum(lengths)
        places = numpy.arange(int(ends[-1]) if len(ends) else 0) + numpy.repeat(starts - (ends - lengths), lengths)
        products = self._data[places] * wanted[self._indices[places]]
        owners = numpy.repeat(numpy.arange(len(chosen)), lengths)
        return numpy.bincount(owners, products, len(chosen))

    def columns_of(self, row: int) -> list[int]:
        """The columns of the words of one row."""
        columns: list[int] = self._indices[self._indptr[row] : self._indptr[row + 1]].tolist()
        return columns

    # -- on disk ----------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder of their own."""
        import numpy

        folder.mkdir(parents=True)
        arrays: tuple[NDArray[Any], ...] = (self._idf, self._indptr, self._indices, self._data)
        own = dict(zip(_ARRAYS, arrays, strict=True))
        for name, array in (self._terms.arrays() | own).items():
            numpy.save(folder / f"{name}.npy", array, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> "WordTable":
        """A table whose arrays stay in their files; raises ValueError or OSError where they cannot be one."""
        terms = Terms(opened(folder, "terms", "uint8"), opened(folder, "starts", "int64"))
        kinds = ("float32", "int64", "int32", "float32")
        arrays = [opened(folder, name, kind) for name, kind in zip(_ARRAYS, kinds, strict=True)]
        if len(arrays[0]) != len(terms) or not len(arrays[2]) == len(arrays[3]) == int(arrays[1][-1]):
            raise ValueError("the arrays do not belong together")
        return cls(terms, *arrays)


def identity(terms: list[str]) -> list[str]:
    """Terms as they are: texts come analysed."""
    return terms
