"""After an erasure: no free page of the database file and no frame of its log keeps what was deleted.

SQLite overwrites deleted content (secure_delete); merging the segments of full-text tables, rebuilding the
file and emptying the write-ahead log takes away what is left. PostgreSQL's vacuum does the same for its
tables in its own time, so there it is only asked to hurry.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from marketplace.kernel.database import db


class DatabaseBusy(RuntimeError):
    """Somebody reads an older state, so the log cannot be emptied yet; the job is tried again."""


def scrub() -> None:
    """Rebuild the database file and empty its log. Raises `DatabaseBusy` while a reader holds them."""
    db.session.remove()
    engine = db.engine
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        for table in _full_text_tables(cursor):
            cursor.execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'optimize\')')  # noqa: S608 - names of our own
        cursor.execute("VACUUM")
        row = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    finally:
        raw.close()
    if row is not None and row[0] != 0:
        raise DatabaseBusy("the write-ahead log is in use")


def _full_text_tables(cursor: Any) -> list[str]:
    """FTS5 tables keep the words of deleted rows until their segments are merged."""
    rows = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'")
    return [name for name, sql in rows.fetchall() if "fts5(" in sql.lower().replace(" (", "(")]
