"""The tables of the index, and how documents are written to them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from search.document import Change, Document, Reference
from search.schema import SCHEMA_VERSION
from search.terms import Terms, terms_of

# unicode61 would cut "coffee-arabica-green" and "9,5"; words come analysed and must stay whole.
_TOKENIZER = "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_.,:-/'\""

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS search_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS search_documents ("
    " id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key INTEGER NOT NULL, version INTEGER NOT NULL,"
    " change INTEGER NOT NULL, is_live INTEGER NOT NULL, fields TEXT NOT NULL, texts TEXT NOT NULL,"
    " UNIQUE (kind, key))",
    "CREATE INDEX IF NOT EXISTS search_documents_change ON search_documents (change)",
    "CREATE TABLE IF NOT EXISTS search_vectors (id INTEGER PRIMARY KEY, make TEXT NOT NULL, vector BLOB NOT NULL)",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5(title, body, concepts, mentions, codes, {_TOKENIZER})",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS search_surface USING fts5"
    f"(words, {_TOKENIZER}, prefix='1 2 3', detail=none, columnsize=0)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_terms USING fts5vocab(search_words, row)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_vocabulary USING fts5vocab(search_surface, row)",
)
_REVISION = (
    "SELECT (SELECT value FROM search_state WHERE name = 'generation') || '.' ||"
    " (SELECT value FROM search_state WHERE name = 'change')"
)
# a document that changed twice stands at its last change alone; at least one row, so that the last touch is told
_CHANGES = (
    "SELECT d.kind, d.key, d.is_live, d.fields, s.touched FROM"
    " (SELECT coalesce(max(value), 0) AS touched FROM search_state WHERE name = 'touched') s"
    " LEFT JOIN search_documents d ON d.change >= ? LIMIT ?"
)
_FEW = 64  # changes that somebody may want to know one by one
_DROP = (
    "DROP TABLE IF EXISTS search_vocabulary",
    "DROP TABLE IF EXISTS search_terms",
    "DROP TABLE IF EXISTS search_surface",
    "DROP TABLE IF EXISTS search_words",
    "DROP TABLE IF EXISTS search_vectors",
    "DROP TABLE IF EXISTS search_documents",
)


# json.dumps would make an encoder for each text; nothing here can be part of itself
_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Connection(Protocol):
    """What the index needs of a connection: sqlite3's ``execute``."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run one statement and return its cursor."""


class Prepared(NamedTuple):
    """A document as the values of its rows; ``vector`` is empty where there is none."""

    kind: str
    key: int
    version: int
    fields: str
    texts: str
    words: tuple[str, str, str, str, str]
    surface: str
    make: str = ""
    vector: bytes = b""


def prepare(documents: Iterable[Document]) -> list[Prepared]:
    """Analyse documents; slow, so done before any lock is taken."""
    return [_prepared(document, terms_of(document)) for document in documents]


def _prepared(document: Document, terms: Terms) -> Prepared:
    found = (
        _joined(terms.title),
        _joined(terms.body),
        " ".join(terms.concepts),
        " ".join(terms.mentions),
        " ".join(document.codes),
    )
    return Prepared(
        document.kind,
        document.key,
        document.version,
        _fields(document),
        _texts(document),
        found,
        " ".join(terms.surface),
    )


def ensure_schema(on: Connection) -> None:
    """Make the tables that are missing; tables of another release are dropped, and a rebuild is due."""
    stored = _stored_version(on)
    if stored == SCHEMA_VERSION:
        return
    if stored is not None:
        for statement in _DROP:
            on.execute(statement)
    for statement in _SCHEMA:
        on.execute(statement)
    on.execute("INSERT OR IGNORE INTO search_state (name, value) VALUES ('change', 0), ('generation', 0)")
    on.execute("INSERT OR REPLACE INTO search_state (name, value) VALUES ('schema', ?)", (SCHEMA_VERSION,))
    on.execute("UPDATE search_state SET value = value + 1 WHERE name = 'generation'")


def _stored_version(on: Connection) -> int | None:
    if on.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_state'").fetchone() is None:
        return None
    row = on.execute("SELECT value FROM search_state WHERE name = 'schema'").fetchone()
    return 0 if row is None else int(row[0])


def is_current(on: Connection) -> bool:
    """Whether the tables are those of this release."""
    return _stored_version(on) == SCHEMA_VERSION


def state(on: Connection) -> tuple[int, int]:
    """Generation and number of the last change."""
    rows = on.execute("SELECT name, value FROM search_state WHERE name IN ('change', 'generation')").fetchall()
    values = dict(rows)
    return int(values["generation"]), int(values["change"])


def revision(on: Connection) -> str:
    """Generation and change as one text, by the shortest way."""
    found: str = on.execute(_REVISION).fetchone()[0]
    return found


def steps(since: str, until: str) -> range | None:
    """The numbers of the changes between two revisions; None where they are many, or not of the same tables."""
    (generation, _, first), (same, _, last) = since.partition("."), until.partition(".")
    if generation != same or not (first.isdecimal() and last.isdecimal()):
        return None
    found = range(int(first) + 1, int(last) + 1)
    return found if 0 < len(found) <= _FEW else None


def changes(on: Connection, numbers: range) -> tuple[Change, ...] | None:
    """All documents of these changes and of later ones, in one statement and so of one state; None where they are many,
    or where documents of one of the changes were still to come."""
    rows = on.execute(_CHANGES, (numbers.start, 2 * _FEW)).fetchall()
    if len(rows) == 2 * _FEW or any(touched >= numbers.start for *_document, touched in rows):
        return None
    return tuple(
        Change(kind, key, bool(is_live), {name: tuple(said) for name, said in _keywords(fields)})
        for kind, key, is_live, fields, _touched in rows
        if kind is not None
    )


def _keywords(fields: str) -> Iterable[tuple[str, list[str]]]:
    found: dict[str, list[str]] = json.loads(fields).get("keywords", {})
    return found.items()


def write(on: Connection, prepared: Sequence[Prepared], *, since: int = -1) -> int:
    """Store documents unless a newer version (or a newer removal) is there; how many were stored.

    What was written up to the change ``since`` gives way whatever its version: a rebuild begins there, and a database
    that was put back from a copy counts from lower versions than the index has seen.
    """
    if not prepared:
        return 0
    change = _next_change(on)
    last = on.execute("SELECT coalesce(max(id), 0) FROM search_documents").fetchone()[0]
    # All rows first, then their words: a statement that settles conflicts opens a savepoint, and at each of these FTS5
    # writes out what it has gathered. Turn by turn that took three times as long.
    stored = [(row, each) for each in prepared if (row := _write_row(on, each, change, since))]
    latest = dict(stored)  # of a document that comes twice the later one
    for row in latest:
        if row <= last:  # it was there before
            on.execute("DELETE FROM search_words WHERE rowid = ?", (row,))
            on.execute("DELETE FROM search_surface WHERE rowid = ?", (row,))
    for row, each in latest.items():
        on.execute(
            "INSERT INTO search_words (rowid, title, body, concepts, mentions, codes) VALUES (?, ?, ?, ?, ?, ?)",
            (row, *each.words),
        )
    for row, each in latest.items():
        on.execute("INSERT INTO search_surface (rowid, words) VALUES (?, ?)", (row, each.surface))
    for row, each in latest.items():
        if each.vector:
            on.execute("INSERT OR REPLACE INTO search_vectors VALUES (?, ?, ?)", (row, each.make, each.vector))
        elif row <= last:
            on.execute("DELETE FROM search_vectors WHERE id = ?", (row,))
    return len(stored)


def _write_row(on: Connection, each: Prepared, change: int, since: int) -> int:
    """The number of the row; 0 where a newer one is there."""
    row = on.execute(
        "INSERT INTO search_documents (kind, key, version, change, is_live, fields, texts) VALUES (?, ?, ?, ?, 1, ?, ?)"
        " ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, change = excluded.change, is_live = 1,"
        " fields = excluded.fields, texts = excluded.texts WHERE excluded.version >= search_documents.version"
        " OR search_documents.change <= ? RETURNING id",
        (each.kind, each.key, each.version, change, each.fields, each.texts, since),
    ).fetchall()
    return row[0][0] if row else 0


def erase(on: Connection, references: Sequence[Reference]) -> int:
    """Take documents out, leaving only key and version so that a late older write changes nothing; how many left."""
    if not references:
        return 0
    change = _next_change(on)
    gone = []
    for each in references:  # rows first, as in ``write``
        gone += on.execute(
            "INSERT INTO search_documents (kind, key, version, change, is_live, fields, texts)"
            " VALUES (?, ?, ?, ?, 0, '{}', '{}')"
            " ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, change = excluded.change,"
            " is_live = 0, fields = '{}', texts = '{}' WHERE excluded.version >= search_documents.version"
            " RETURNING id",
            (each.kind, each.key, each.version, change),
        ).fetchall()
    for row in gone:
        on.execute("DELETE FROM search_words WHERE rowid = ?", row)
        on.execute("DELETE FROM search_surface WHERE rowid = ?", row)
        on.execute("DELETE FROM search_vectors WHERE id = ?", row)
    return len(gone)


def references(on: Connection) -> Iterator[Reference]:
    """Every live document's name and version."""
    for kind, key, version in on.execute("SELECT kind, key, version FROM search_documents WHERE is_live = 1"):
        yield Reference(kind, key, version)


def untouched_since(on: Connection, change: int) -> list[Reference]:
    """Live documents that nothing wrote after ``change``."""
    rows = on.execute(
        "SELECT kind, key, version FROM search_documents WHERE is_live = 1 AND change <= ?", (change,)
    ).fetchall()
    return [Reference(*row) for row in rows]


def compact(on: Connection) -> None:
    """Merge the full-text segments, so that words of removed documents leave the file's live pages."""
    on.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")
    on.execute("INSERT INTO search_surface (search_surface) VALUES ('optimize')")


def touch(on: Connection) -> None:
    """Count a change without writing a document: what pages show of the rows has changed, the index follows."""
    on.execute("INSERT OR REPLACE INTO search_state (name, value) VALUES ('touched', ?)", (_next_change(on),))


def _next_change(on: Connection) -> int:
    on.execute("UPDATE search_state SET value = value + 1 WHERE name = 'change'")
    return int(on.execute("SELECT value FROM search_state WHERE name = 'change'").fetchone()[0])


def _joined(terms: dict[str, list[str]]) -> str:
    return " ".join(" ".join(words) for words in terms.values())


def _fields(document: Document) -> str:
    return _json(
        {
            "keywords": {name: list(values) for name, values in document.keywords.items() if values},
            "numbers": {name: value for name, value in document.numbers.items() if value is not None},
            "certificates": {code: day and day.toordinal() for code, day in document.certificates.items()},
            "signals": {name: value for name, value in document.signals.items() if value},
        },
    )


def _texts(document: Document) -> str:
    return _json(
        [document.original_language, dict(document.titles), dict(document.descriptions)],
    )
