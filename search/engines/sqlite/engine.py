"""The embedded engine: words in FTS5 tables, fields in memory, all in one SQLite file that others may share."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from time import monotonic, perf_counter

from search.document import Change, Document, Reference, check
from search.engines.analysing import BATCH, analysed
from search.engines.sqlite import tables
from search.engines.sqlite.answering import Answer, answer_of, page
from search.engines.sqlite.columns import Columns
from search.engines.sqlite.completion import complete
from search.engines.sqlite.explaining import explained
from search.engines.sqlite.hits import hits_of
from search.engines.sqlite.loading import advance
from search.engines.sqlite.looking import Texts
from search.engines.sqlite.nearness import Nearness, prepared
from search.engines.sqlite.pool import Open, Pool
from search.engines.sqlite.tables import Connection
from search.errors import EngineUnavailable
from search.explanation import Explanation
from search.query import Query
from search.query import check as check_query
from search.related import Embedding, Near, fitting, is_wanted, no_embedding, related
from search.results import Health, Results, Suggestion
from search.schema import CATALOGUE, Schema

_OVERTAKEN_SECONDS = 5.0


class SqliteEngine:
    """Engine over SQLite. Searches read what is committed; ``on`` writes inside a caller's own transaction."""

    def __init__(
        self,
        open_connection: Open,
        *,
        schema: Schema = CATALOGUE,
        is_single: bool = False,
        embedding: Embedding = no_embedding,
    ) -> None:
        self._pool = Pool(open_connection, is_single=is_single)
        self._schema = schema
        self._embedding = embedding
        self._columns = Columns()
        self._nearness = Nearness()
        self._lock = threading.Lock()
        self._is_prepared = False
        self._refreshed_at = 0.0

    def ensure_schema(self, on: Connection | None = None) -> None:
        """Make missing tables; on a caller's connection they come and go with its transaction."""
        if on is not None:
            tables.ensure_schema(on)
            return
        with _faults(), self._pool.writing() as connection:
            tables.ensure_schema(connection)
        self._is_prepared = True

    def put(self, documents: Iterable[Document], *, on: Connection | None = None) -> int:
        """Store documents unless newer versions are there; how many were stored."""
        written = 0
        source, embedder = self._checked(documents), fitting(self._embedding, self._schema)
        while batch := list(islice(source, BATCH)):
            made = prepared(batch, embedder)
            if on is not None:
                written += tables.write(on, made)
                continue
            with self._writing() as connection:
                written += tables.write(connection, made)
        return written

    def remove(self, references: Iterable[Reference], *, on: Connection | None = None) -> int:
        """Take documents out as of a version; how many went (one that was never there counts)."""
        wanted = list(references)
        if on is not None:
            return tables.erase(on, wanted)
        with self._writing() as connection:
            return tables.erase(connection, wanted)

    def touch(self, *, on: Connection) -> None:
        """Let ``revision`` change with a caller's transaction whose documents are written later."""
        tables.ensure_schema(on)
        tables.touch(on)

    def refresh(self) -> None:
        """Make what was written findable; here it is as soon as it is committed."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Index everything anew while searches go on; what is not in ``documents`` leaves at the end."""
        self._prepare()
        with _faults(), self._pool.reading() as connection:
            _, started_at = tables.state(connection)
        written = 0
        prepare = partial(prepared, embedder=fitting(self._embedding, self._schema))
        for made in analysed(self._checked(documents), prepare):
            with self._writing() as connection:
                written += tables.write(connection, made, since=started_at)
        with self._writing() as connection:
            tables.erase(connection, tables.untouched_since(connection, started_at))
            tables.compact(connection)
        return written

    def _checked(self, documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            check(document, self._schema)
            yield document

    def search(self, query: Query) -> Results:
        """The page that a query asks for."""
        started = perf_counter()
        check_query(query, self._schema)
        with self._reading() as connection:
            columns, texts = self._current(connection), Texts()
            found = answer_of(connection, columns, query, texts)
            rows = page(columns, query, found)
            hits = hits_of(connection, columns, found.plan, query, rows, texts)
            near = self._near(connection, columns, query, found)
        return Results(
            total=found.total,
            hits=hits,
            facets=found.facets,
            did_you_mean=found.repair.text,
            is_repaired=found.repair.is_any,
            is_relaxed=found.is_relaxed,
            unknown_words=found.repair.unknown,
            related=related(near, hits),
            took_ms=(perf_counter() - started) * 1000,
        )

    def explain(self, query: Query, key: int) -> Explanation:
        """Where a document stands under a query, and why."""
        check_query(query, self._schema)
        with self._reading() as connection:
            columns = self._current(connection)
            answer = answer_of(connection, columns, query)
            near = self._near(connection, columns, replace(query, related=True, page=1), answer)
            return explained(connection, columns, query, answer, near, key)

    def neighbours(self, query: Query, n: int) -> tuple[Near, ...]:
        """The ``n`` documents nearest to a query by vector."""
        check_query(query, self._schema)
        embedder = fitting(self._embedding, self._schema)
        if embedder is None or n < 1:
            return ()
        with self._reading() as connection:
            columns = self._current(connection)
            answer = answer_of(connection, columns, query)
            return self._nearness.neighbours(connection, columns, query, answer, embedder, n)

    def suggest(self, prefix: str, language: str = "en", *, limit: int = 8, kind: str = "") -> list[Suggestion]:
        """Titles that have every word of ``prefix``, the last one as a beginning."""
        with self._reading() as connection:
            return complete(connection, self._current(connection), prefix, language, limit=limit, kind=kind)

    def count(self, kind: str = "") -> int:
        """How many documents can be found."""
        with self._reading() as connection:
            live = self._current(connection).live
            return sum(mask.bit_count() for name, mask in live.items() if not kind or name == kind)

    def versions(self) -> Iterator[Reference]:
        """Every document's name and version, as they were when the first was asked for."""
        with self._reading() as connection:
            found = list(tables.references(connection))
        yield from found

    def health(self) -> Health:
        """Whether the index answers; never raises."""
        try:
            with _faults(), self._pool.reading() as connection:
                is_current = tables.is_current(connection)
            return Health(is_ready=True, is_current=is_current, documents=self.count() if is_current else 0)
        except EngineUnavailable as fault:
            return Health(is_ready=False, is_current=False, documents=0, detail=str(fault))

    def compact(self, on: Connection | None = None) -> None:
        """Let words of removed documents leave the full-text tables for good."""
        if on is not None:
            tables.compact(on)
            return
        with self._writing() as connection:
            tables.compact(connection)

    def scrub(self) -> None:
        """Merge the segments, rebuild the file without its free pages and empty its log."""
        self.compact()
        with _faults(), self._pool.peeking() as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def revision(self) -> str:
        """A text that changes with every committed write to the index."""
        self._prepare()
        with _faults(), self._pool.peeking() as connection:
            return tables.revision(connection)

    def changes(self, since: str, until: str) -> tuple[Change, ...] | None:
        """All documents that were written from one revision to another, perhaps some more; None where they are many,
        some were only marked (see ``touch``), or the index was made anew."""
        steps = tables.steps(since, until)
        if steps is None:
            return None
        with _faults(), self._pool.peeking() as connection:
            return tables.changes(connection, steps)

    def close(self) -> None:
        """Close idle connections."""
        self._pool.close()

    def _prepare(self) -> None:
        if self._is_prepared:
            return
        with _faults(), self._pool.reading() as connection:
            self._is_prepared = tables.is_current(connection)
        if not self._is_prepared:
            self.ensure_schema()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        self._prepare()
        with _faults(), self._pool.reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._prepare()
        with _faults(), self._pool.writing() as connection:
            yield connection

    def _current(self, connection: sqlite3.Connection) -> Columns:
        """The columns as of this transaction's state, or newer if another thread has them."""
        generation, change = tables.state(connection)
        columns = self._columns
        if self._is_fresh(columns, generation, change):
            return _as_read(columns, change)
        with self._lock:
            if self._is_fresh(self._columns, generation, change):
                return _as_read(self._columns, change)
            is_step = self._columns.generation == generation and self._columns.change < change
            before = self._columns if is_step else Columns()
            rows = connection.execute(
                "SELECT id, kind, key, is_live, fields FROM search_documents WHERE change > ?", (before.change,)
            )
            self._columns = advance(before, generation, change, rows)
            self._refreshed_at = monotonic()
            return self._columns

    def _near(self, connection: sqlite3.Connection, columns: Columns, query: Query, answer: Answer) -> tuple[Near, ...]:
        """What is related to a query that finds little."""
        embedder = fitting(self._embedding, self._schema) if is_wanted(query, answer.total) else None
        return self._nearness.nearest(connection, columns, query, answer, embedder) if embedder else ()

    def _is_fresh(self, columns: Columns, generation: int, change: int) -> bool:
        """Whether the columns serve this state. A moment ago another thread may have seen a later one; if the state
        stays behind for longer, the file was put back from a copy."""
        if columns.generation != generation:
            return False
        return columns.change == change or (
            columns.change > change and monotonic() - self._refreshed_at < _OVERTAKEN_SECONDS
        )


def _as_read(columns: Columns, change: int) -> Columns:
    """Columns for a transaction that reads the state of ``change``: what it finds in the tables of an older state than
    theirs is not remembered as true of theirs."""
    return columns if columns.change == change else replace(columns, remembered=columns.remembered.aside())


@contextmanager
def _faults() -> Iterator[None]:
    """Turn a fault of the database into this library's own."""
    try:
        yield
    except sqlite3.Error as fault:
        raise EngineUnavailable(f"search index: {fault}") from fault
