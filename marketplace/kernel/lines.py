"""Connections spoken to directly: statements that are compiled already need no more of SQLAlchemy than its pool.

A line is a connection of the pool with one cursor. Whoever listens to statements or commits gets none: then SQLAlchemy
runs them, so that each is heard. Its exceptions are raised either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import PoolProxiedConnection

from marketplace.kernel.absence import is_brief

LOCKED_MILLISECONDS = 30_000  # so long somebody waits who writes while another does
BRIEF_MILLISECONDS = 300  # see `absence.briefly`
WRITES = "souq_writes"
BEGUN = "souq_begun"  # of a connection whose transaction was begun before SQLAlchemy knew of it
Found = tuple[list[tuple[Any, ...]], Sequence[Sequence[Any]] | None]


class Line:
    """A connection of the pool outside SQLAlchemy's own; closing it gives the connection back, undoing what is open."""

    __slots__ = ("_cursor", "_pooled", "dialect", "engine")

    def __init__(self, engine: Engine) -> None:
        self.engine, self.dialect = engine, engine.dialect
        try:
            self._pooled: PoolProxiedConnection = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error as fault:
            Connection._handle_dbapi_exception_noconnection(fault, engine.dialect, engine)
        driver: Any = self._pooled.dbapi_connection
        self._cursor: Any = driver.cursor()

    def begin_writing(self) -> None:
        """Begin a transaction that will write; PostgreSQL's begins with its first statement."""
        if self.dialect.name != "sqlite":
            return
        if not is_brief():
            self.run("BEGIN IMMEDIATE", ())
            return
        self.run(f"PRAGMA busy_timeout={BRIEF_MILLISECONDS}", ())
        try:
            self.run("BEGIN IMMEDIATE", ())
        finally:
            self.run(f"PRAGMA busy_timeout={LOCKED_MILLISECONDS}", ())

    def run(self, sql: str, values: Any) -> Found:
        """All rows of a statement and what the driver says of its columns; no columns where it gives no rows."""
        cursor = self._cursor
        try:
            cursor.execute(sql, values)
            description = cursor.description
            return ([] if description is None else cursor.fetchall()), description
        except Exception as fault:
            self._raise(fault, sql, values)

    def commit(self) -> None:
        """Commit and give the connection back."""
        driver: Any = self._pooled.dbapi_connection
        try:
            driver.commit()
        except Exception as fault:
            self._raise(fault, None, ())
        self.close()

    def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        self._cursor.close()
        self._pooled.close()

    def adopted(self) -> Connection:
        """SQLAlchemy's connection on this one, whose transaction has begun; the line is not spoken to any more."""
        connection = Connection(self.engine, self._pooled)
        return connection.execution_options(**{WRITES: True, BEGUN: True})

    def _raise(self, fault: Exception, sql: str | None, values: Any) -> NoReturn:
        """A fault of the driver as SQLAlchemy tells it, which also knows a connection that is gone.

        What was written before stays in the transaction, as ever: whoever goes on after the fault writes none of it
        outside. A connection that has begun none, to SQLAlchemy's knowledge, it would roll back at once.
        """
        connection = self.adopted()
        connection.begin()
        broken, pooled = self._cursor, self._pooled
        try:
            connection._handle_dbapi_exception(fault, sql, values, broken, None)
        finally:
            if pooled.is_valid:
                driver: Any = pooled.dbapi_connection
                self._cursor = driver.cursor()  # the broken one is closed


def is_heard(engine: Engine) -> bool:
    """Whether somebody listens to this engine's statements or to what becomes of its transactions."""
    heard = engine.dispatch
    return bool(heard.before_cursor_execute or heard.after_cursor_execute or heard.commit or heard.rollback)
