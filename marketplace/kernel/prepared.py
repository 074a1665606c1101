"""Statements that are compiled once: a page that asks the same few things each time pays for asking them only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from weakref import ref

from sqlalchemy import JSON, CompoundSelect, Delete, Insert, Select, Update
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session, SessionTransaction

from marketplace.kernel.database import Exact

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

Raw = tuple[Any, ...]
Query = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Statement = Query | Insert | Update | Delete
On = Session | Connection  # what statements are run on
_Convert = Callable[[Any], Any]
_ConvertAll = Callable[[Sequence[Any]], Iterable[Any]]  # a column
_AMOUNTS = 4_096
_HELD = "souq_prepared_connection"


class _Compiled:
    """A statement in one dialect, and how its parameters and columns are converted."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.dialect = dialect
        order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self.is_positional = order is not None
        self.parameters: list[tuple[str, _Convert | None, Any]] = []  # name, how it is converted, value if not given
        for name in compiled.params if order is None else order:
            convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            fixed = compiled.params[name]
            self.parameters.append((name, convert, fixed if convert is None else convert(fixed)))
        columns = statement.selected_columns if isinstance(statement, Select | CompoundSelect) else ()
        self.types = [column.type for column in columns]
        self.converters: list[tuple[int, _ConvertAll]] | None = None

    def values(self, given: dict[str, Any]) -> Any:
        """The parameters in the driver's own form."""
        values = [
            (given[name] if convert is None else convert(given[name])) if name in given else fixed
            for name, convert, fixed in self.parameters
        ]
        if self.is_positional:
            return tuple(values)
        return dict(zip((name for name, _convert, _fixed in self.parameters), values, strict=True))

    def learn(self, description: Sequence[Sequence[Any]]) -> None:
        """Choose the converters; some depend on what the driver says a column is."""
        found: list[tuple[int, _ConvertAll]] = []
        for place, (type_, column) in enumerate(zip(self.types, description, strict=False)):
            convert = type_.dialect_impl(self.dialect).result_processor(self.dialect, column[1])
            if convert is not None and isinstance(type_, Exact) and self.dialect.name == "sqlite":
                convert = lru_cache(maxsize=_AMOUNTS)(convert)  # whole numbers, and the same ones again and again
            if convert is not None:
                is_text = isinstance(type_, JSON) and self.dialect.name == "sqlite"
                found.append((place, partial(_json_column if is_text else map, convert)))
        self.converters = found


class Prepared:
    """One statement with named parameters, or a function that makes it for a dialect's name.

    ``raw`` runs it and gives rows as the driver hands them over, enough to tell whether something has changed;
    ``typed`` makes of them what the same SELECT through SQLAlchemy would give. Lists of parameters (IN) are not taken.
    """

    def __init__(self, statement: Statement | Callable[[str], Statement]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def raw(self, on: Session | Connection, **values: Any) -> list[Raw]:
        """All rows, unconverted; none for a statement that gives no rows."""
        connection = on if isinstance(on, Connection) else _of_session(on)
        compiled = self._compiled_for(connection.dialect)
        rows, description = _run(connection, compiled.sql, compiled.values(values))
        if description is not None and compiled.converters is None:
            compiled.learn(description)
        return rows

    def typed(self, on: Session | Connection, rows: Iterable[Raw]) -> list[Raw]:
        """Rows that ``raw`` gave, as Python values; asks the database nothing."""
        compiled = self._compiled_for(on.dialect if isinstance(on, Connection) else _dialect_of(on))
        converters = compiled.converters
        if not converters:
            return list(rows)
        columns: list[Any] = list(zip(*rows, strict=True))
        if not columns:
            return []
        for place, convert in converters:  # column by column: nothing is called that stands in a loop of its own
            columns[place] = convert(columns[place])
        return list(zip(*columns, strict=True))

    def rows(self, on: Session | Connection, **values: Any) -> list[Raw]:
        """All rows as Python values."""
        return self.typed(on, self.raw(on, **values))

    def _compiled_for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            statement = self._statement(dialect.name) if callable(self._statement) else self._statement
            compiled = self._compiled[dialect.name] = _Compiled(statement, dialect)
        return compiled


def _json_column(convert: _Convert, texts: Sequence[Any]) -> Iterable[Any]:
    """Texts of JSON read as one, since a call for each costs more than the reading."""
    if set(map(type, texts)) == {str}:
        found: list[Any] = json.loads(f"[{','.join(texts)}]")
        return found
    return map(convert, texts)


def _connection_of(session: Session) -> Connection:
    """The connection of the session's transaction; asking the session each time costs as much as a small statement."""
    if session.in_nested_transaction():
        return session.connection()  # which writes the savepoint where that was not done yet
    begun = session.get_transaction()
    held: tuple[ref[SessionTransaction], Connection] | None = session.info.get(_HELD)
    if held is not None and begun is not None and begun.is_active and held[0]() is begun:
        return held[1]
    connection = session.connection()
    if (begun := session.get_transaction()) is not None:
        session.info[_HELD] = (ref(begun), connection)  # weakly: a transaction knows its session
    return connection


def _dialect_of(session: Session) -> Dialect:
    """The dialect of the session's only database, which whatever connection it had last knows."""
    held: tuple[Any, Connection] | None = session.info.get(_HELD)
    return session.get_bind().dialect if held is None else held[1].dialect


def _of_session(session: Session) -> Connection:
    if session.autoflush:
        session.flush()  # as before every query: what was changed in objects counts
    return _connection_of(session)


def _run(connection: Connection, sql: str, values: Any) -> tuple[list[Raw], Sequence[Sequence[Any]] | None]:
    """All rows of a statement and what the driver says of its columns; no columns where it gives no rows.

    The driver is asked directly, since SQLAlchemy's result would be described column by column at every run. Whoever
    listens to statements hears of each: then SQLAlchemy runs them. Its exceptions are raised either way.
    """
    listeners = connection.engine.dispatch  # a connection's own would be put together from these each time
    if listeners.before_cursor_execute or listeners.after_cursor_execute:
        result = connection.exec_driver_sql(sql, values)
        if not result.returns_rows:
            return [], None
        described = result.cursor.description  # the cursor is gone after the last row
        return [tuple(row) for row in result], described
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    try:
        cursor.execute(sql, values)
        description = cursor.description
        rows: list[Raw] = [] if description is None else cursor.fetchall()
    except Exception as fault:
        connection._handle_dbapi_exception(fault, sql, values, cursor, None)
    cursor.close()
    return rows, description


def insert_into(dialect: str, table: Any) -> PostgresInsert | SqliteInsert:
    """An INSERT that knows ON CONFLICT in the words of this database; the other dialect is not even loaded."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
