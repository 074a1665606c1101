"""The rows nearest to what was asked: every vector there is held against it, so nothing is missed.

Vectors are kept as whole numbers of eight bits; their own length is divided out again, so the cosine is right to three
digits. A process reads them when a search first needs them and follows the changes of the index from there.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search import ranking
from search.document import Document
from search.engines.sqlite.answering import Answer
from search.engines.sqlite.bits import bits_of
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.counting import Counter
from search.engines.sqlite.matching import Finder
from search.engines.sqlite.tables import Connection, Prepared, prepare, state
from search.query import Query
from search.related import Embedder, Near, nearest_of, said_of_document, said_of_query, vectors_of

if TYPE_CHECKING:
    from numpy import float32, int8
    from numpy.typing import NDArray

_LARGEST = 127
_TOGETHER = 8_192  # rows that are numbers of full size at the same time
_ALL = "SELECT id, vector FROM search_vectors WHERE make = ? AND length(vector) = ?"
_CHANGED = (
    "SELECT d.id, v.vector FROM search_documents AS d"
    " LEFT JOIN search_vectors AS v ON v.id = d.id AND v.make = ? AND length(v.vector) = ? WHERE d.change > ?"
)
_SIZE = "SELECT coalesce(max(id), 0) + 1 FROM search_documents"


def prepared(documents: Sequence[Document], embedder: Embedder | None) -> list[Prepared]:
    """Documents analysed, with their vectors as the index keeps them where there is an embedder."""
    made = prepare(documents)
    if embedder is None or not made:
        return made
    vectors = _packed(vectors_of(embedder, [said_of_document(each) for each in documents]))
    return [each._replace(make=embedder.name, vector=vector) for each, vector in zip(made, vectors, strict=True)]


def _packed(vectors: "NDArray[float32]") -> list[bytes]:
    import numpy

    largest = numpy.abs(vectors).max(axis=1, keepdims=True)
    whole = numpy.rint(numpy.divide(vectors * _LARGEST, largest, out=numpy.zeros_like(vectors), where=largest > 0))
    return [row.tobytes() if row.any() else b"" for row in whole.astype(numpy.int8)]


@dataclass(frozen=True)
class _Vectors:
    """The vectors of one make in one state of the index, by row; rows without one are zeros."""

    generation: int
    change: int
    make: str
    matrix: "NDArray[int8]"
    lengths: "NDArray[float32]"


class Nearness:
    """The vectors of an index in memory."""

    def __init__(self) -> None:
        self._known: _Vectors | None = None
        self._lock = threading.Lock()

    def nearest(
        self, on: Connection, columns: Columns, query: Query, answer: Answer, embedder: Embedder
    ) -> tuple[Near, ...]:
        """The documents nearest to a query that meet its filters and that its words did not find."""
        rows = _open_rows(on, columns, query, answer) & ~answer.found
        return nearest_of(self._likely(on, columns, rows, answer, embedder, ranking.MOST_RELATED))

    def neighbours(
        self, on: Connection, columns: Columns, query: Query, answer: Answer, embedder: Embedder, n: int
    ) -> tuple[Near, ...]:
        """The ``n`` nearest that meet the query's filters, whether its words found them or not, however near."""
        rows = _open_rows(on, columns, query, answer)
        return nearest_of(self._likely(on, columns, rows, answer, embedder, n, least=-1.0), n, least=-1.0)

    def _likely(
        self,
        on: Connection,
        columns: Columns,
        rows: int,
        answer: Answer,
        embedder: Embedder,
        n: int,
        least: float = ranking.LIKE,
    ) -> list[Near]:
        (vector,) = vectors_of(embedder, [said_of_query(answer.repair.query)])
        if not rows or not vector.any():
            return []
        held = self._current(on, embedder)
        return _likely(held, vector, bits_of(rows, columns.length), columns, n, least)

    def _current(self, on: Connection, embedder: Embedder) -> _Vectors:
        generation, change = state(on)
        with self._lock:
            known = self._known
            if known is None or (known.generation, known.make) != (generation, embedder.name) or known.change > change:
                known = _read(on, generation, change, embedder)
            elif known.change < change:
                known = _advanced(on, known, change, embedder)
            self._known = known
            return known


def _open_rows(on: Connection, columns: Columns, query: Query, answer: Answer) -> int:
    """Under every filter, and not about what the query does not want."""
    rows = Counter(columns, query).found
    finder = Finder(on, columns, rows, is_filtered=True)
    for group in answer.plan.unwanted:
        rows &= ~finder.about(group)
    return rows


def _read(on: Connection, generation: int, change: int, embedder: Embedder) -> _Vectors:
    import numpy

    size = on.execute(_SIZE).fetchone()[0]
    matrix = numpy.zeros((size, embedder.dimensions), numpy.int8)
    rows = on.execute(_ALL, (embedder.name, embedder.dimensions)).fetchall()
    if rows:
        joined = numpy.frombuffer(b"".join([vector for _, vector in rows]), numpy.int8)
        matrix[[row for row, _ in rows]] = joined.reshape(len(rows), embedder.dimensions)
    return _Vectors(generation, change, embedder.name, matrix, _lengths(matrix))


def _advanced(on: Connection, known: _Vectors, change: int, embedder: Embedder) -> _Vectors:
    import numpy

    size = on.execute(_SIZE).fetchone()[0]
    matrix = numpy.zeros((size, embedder.dimensions), numpy.int8)
    matrix[: len(known.matrix)] = known.matrix[:size]
    lengths = numpy.zeros(size, numpy.float32)
    lengths[: len(known.lengths)] = known.lengths[:size]
    for row, vector in on.execute(_CHANGED, (embedder.name, embedder.dimensions, known.change)):
        matrix[row] = numpy.frombuffer(vector, numpy.int8) if vector else 0
        lengths[row] = _lengths(matrix[row : row + 1])[0]
    return _Vectors(known.generation, change, known.make, matrix, lengths)


def _lengths(matrix: "NDArray[int8]") -> "NDArray[float32]":
    import numpy

    parts = [matrix[start : start + _TOGETHER].astype(numpy.float32) for start in range(0, len(matrix), _TOGETHER)]
    return numpy.concatenate([numpy.linalg.norm(part, axis=1) for part in parts]).astype(numpy.float32)


def _likely(
    held: _Vectors, vector: "NDArray[float32]", bits: bytes, columns: Columns, n: int, least: float
) -> list[Near]:
    """Of some rows those that may be among the ``n`` nearest, and near enough."""
    import numpy

    rows = numpy.flatnonzero(numpy.unpackbits(numpy.frombuffer(bits, numpy.uint8), bitorder="little"))
    rows = rows[rows < len(held.matrix)]
    rows = rows[held.lengths[rows] > 0]
    likeness = numpy.zeros(len(rows), numpy.float32)
    for start in range(0, len(rows), _TOGETHER):
        part = rows[start : start + _TOGETHER]
        likeness[start : start + len(part)] = held.matrix[part].astype(numpy.float32) @ vector / held.lengths[part]
    if len(likeness) > n:  # equals of the last one stay: their keys decide
        least = max(least, float(numpy.partition(likeness, -n)[-n]))
    alike = numpy.flatnonzero(likeness >= least)
    return [Near(columns.keys[int(rows[each])], float(likeness[each])) for each in alike]
