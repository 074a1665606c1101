"""What every engine can do, and how to get one by its address."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from search.document import Change, Document, Reference
from search.explanation import Explanation
from search.query import Query
from search.related import Embedding, Near, no_embedding
from search.results import Health, Results, Suggestion
from search.schema import CATALOGUE, Schema

if TYPE_CHECKING:
    from search.engines.sqlite.engine import SqliteEngine


class Engine(Protocol):
    """Stores documents and finds them again. All methods may raise EngineUnavailable, except ``health``."""

    def put(self, documents: Iterable[Document]) -> int:
        """Store documents unless newer versions are there; how many were stored."""

    def remove(self, references: Iterable[Reference]) -> int:
        """Take documents out as of a version, so that a late older write does not bring them back."""

    def refresh(self) -> None:
        """Make what was written findable now."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Index everything anew while searches and writes go on; how many were stored.

        ``documents`` is read once, after the call began, so it must come from rows as they are then.
        """

    def search(self, query: Query) -> Results:
        """The page that a query asks for."""

    def explain(self, query: Query, key: int) -> Explanation:
        """Where a document stands under a query (by relevance, whatever its order and page), and why."""

    def neighbours(self, query: Query, n: int) -> tuple[Near, ...]:
        """The ``n`` documents nearest to a query by vector, the nearest first: they meet its filters, and words may
        have found them or not. None without an embedder. No page asks for them; they say what vectors would bring."""

    def suggest(self, prefix: str, language: str = "en", *, limit: int = 8, kind: str = "") -> list[Suggestion]:
        """Titles that have every word of ``prefix``, the last one as a beginning."""

    def count(self, kind: str = "") -> int:
        """How many documents can be found."""

    def versions(self) -> Iterator[Reference]:
        """Every document's name and version."""

    def health(self) -> Health:
        """Whether the engine answers and its tables or mapping are those of this release; never raises."""

    def revision(self) -> str:
        """A text that changes with everything that could change an answer; empty where the engine cannot tell."""

    def changes(self, since: str, until: str) -> tuple[Change, ...] | None:
        """All documents that were written from one revision to another, perhaps some more; None where there are many
        or the engine cannot tell."""

    def scrub(self) -> None:
        """Let no word of removed documents stay in the engine's files; may take long on a large index."""

    def close(self) -> None:
        """Give back connections."""


def connect(
    url: str,
    *,
    schema: Schema = CATALOGUE,
    connection: Callable[[], sqlite3.Connection] | None = None,
    embedding: Embedding = no_embedding,
    **options: Any,
) -> Engine:
    """The engine of a search address; its code is imported only now.

    ``sqlite:`` alone keeps the index in memory, ``sqlite:///relative.db`` and ``sqlite:////absolute.db`` in a file;
    with ``connection`` (a function that opens one) the index lives in the caller's own database.
    ``http://host:9200,host2:9200`` or ``https://…`` is Elasticsearch; ``options`` are those of
    ``search.engines.elastic.engine.open_engine`` (api_key, ca_file, prefix, time_out, clock). Raises ValueError for
    any other address. ``embedding`` tells where vectors of texts come from (see `search.related`).
    """
    if url == "sqlite:" or url.startswith("sqlite://"):
        return connect_sqlite(url, schema=schema, connection=connection, embedding=embedding)
    if url.startswith(("http://", "https://")):
        from search.engines.elastic.engine import open_engine

        remote: Engine = open_engine(url, schema=schema, embedding=embedding, **options)
        return remote
    raise ValueError("a search address starts with sqlite:, http:// or https://")


def connect_sqlite(
    url: str = "sqlite:",
    *,
    schema: Schema = CATALOGUE,
    connection: Callable[[], sqlite3.Connection] | None = None,
    embedding: Embedding = no_embedding,
) -> "SqliteEngine":
    """The embedded engine, which besides the common methods writes inside a caller's transaction (``on=``)."""
    from search.engines.sqlite.engine import SqliteEngine

    if connection is not None:
        return SqliteEngine(connection, schema=schema, embedding=embedding)
    path = url.removeprefix("sqlite:").removeprefix("//").removeprefix("/")
    if not path:
        return SqliteEngine(lambda: _open(":memory:"), schema=schema, is_single=True, embedding=embedding)
    return SqliteEngine(lambda: _open(path), schema=schema, embedding=embedding)


def _open(path: str) -> sqlite3.Connection:
    if path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    opened = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    if path != ":memory:":
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA synchronous = NORMAL")  # a view: what a power cut takes, the marks bring back
    return opened
