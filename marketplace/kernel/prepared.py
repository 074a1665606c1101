"""Statements that are compiled once: a page that asks the same few things each time pays for asking them only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast
from weakref import ref

from sqlalchemy import JSON, CompoundSelect, Delete, Insert, Select, Update
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.types import TypeEngine

from marketplace.kernel.database import Exact
from marketplace.kernel.light_session import LightSession
from marketplace.kernel.lines import Line

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

Raw = tuple[Any, ...]
Query = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Statement = Query | Insert | Update | Delete
On = Session | Connection | Line  # what statements are run on
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
        self.names: tuple[str, ...] = tuple(compiled.params if order is None else order)
        self.taken = _taker(self.names)
        # what is not given, and what is converted: place, and how
        self.fixed: dict[str, Any] = {name: _plain(compiled.params[name]) for name in self.names}
        self.has_fixed = any(value is not None for value in self.fixed.values())
        self.conversions: list[tuple[int, _Convert]] = []
        for place, name in enumerate(self.names):
            convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None:
                self.conversions.append((place, _quick(convert, compiled.binds[name].type)))
        columns = statement.selected_columns if isinstance(statement, Select | CompoundSelect) else ()
        self.types = [column.type for column in columns]
        self.converters: list[tuple[int, _Convert, _ConvertAll]] | None = None

    def values(self, given: dict[str, Any]) -> Any:
        """The parameters in the driver's own form."""
        found: Sequence[Any]
        if self.has_fixed:
            found = self.taken({**self.fixed, **given})
        else:
            try:
                found = self.taken(given)
            except KeyError:  # what is not given is NULL
                found = self.taken({**self.fixed, **given})
        if self.conversions:
            found = values = list(found)
            for place, convert in self.conversions:
                values[place] = convert(values[place])
        return found if self.is_positional else dict(zip(self.names, found, strict=True))

    def learn(self, description: Sequence[Sequence[Any]]) -> None:
        """Choose the converters; some depend on what the driver says a column is."""
        found: list[tuple[int, _Convert, _ConvertAll]] = []
        for place, (type_, column) in enumerate(zip(self.types, description, strict=False)):
            convert = type_.dialect_impl(self.dialect).result_processor(self.dialect, column[1])
            if convert is not None and isinstance(type_, Exact) and self.dialect.name == "sqlite":
                convert = lru_cache(maxsize=_AMOUNTS)(convert)  # whole numbers, and the same ones again and again
            if convert is not None:
                is_text = isinstance(type_, JSON) and self.dialect.name == "sqlite"
                found.append((place, convert, partial(_json_column if is_text else map, convert)))
        self.converters = found

    def typed(self, rows: list[Raw]) -> list[Raw]:
        """Rows as Python values."""
        if not self.converters or not rows:
            return rows
        if len(rows) == 1:
            values = list(rows[0])
            for place, convert, _column in self.converters:
                values[place] = convert(values[place])
            return [tuple(values)]
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, _convert, column in self.converters:  # column by column: a call in a loop of its own costs more
            columns[place] = column(columns[place])
        return list(zip(*columns, strict=True))


class Prepared:
    """One statement with named parameters, or a function that makes it for a dialect's name.

    ``raw`` runs it and gives rows as the driver hands them over, enough to tell whether something has changed;
    ``typed`` makes of them what the same SELECT through SQLAlchemy would give. Lists of parameters (IN) are not taken.
    """

    def __init__(self, statement: Statement | Callable[[str], Statement]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def raw(self, on: On, **values: Any) -> list[Raw]:
        """All rows, unconverted; none for a statement that gives no rows."""
        return self.run(on, values)

    def run(self, on: On, values: dict[str, Any]) -> list[Raw]:
        """As `raw`, with the parameters by name; what the statement does not ask for is left alone."""
        return self._run(on, values)[0]

    def _run(self, on: On, values: dict[str, Any]) -> tuple[list[Raw], _Compiled]:
        line = _line_of(on)
        if line is not None:
            compiled = self._compiled.get(line.dialect.name) or self._compiled_for(line.dialect)
            rows, description = line.run(compiled.sql, compiled.values(values))
        else:
            connection = on if isinstance(on, Connection) else _of_session(cast(Session, on))
            compiled = self._compiled_for(connection.dialect)
            rows, description = _run(connection, compiled.sql, compiled.values(values))
        if description is not None and compiled.converters is None:
            compiled.learn(description)
        return rows, compiled

    def typed(self, on: On, rows: Iterable[Raw]) -> list[Raw]:
        """Rows that ``raw`` gave, as Python values; asks the database nothing."""
        return self._compiled_for(_dialect_of(on)).typed(list(rows))

    def rows(self, on: On, **values: Any) -> list[Raw]:
        """All rows as Python values."""
        rows, compiled = self._run(on, values)
        return compiled.typed(rows)

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


def _taker(names: tuple[str, ...]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """What takes these values, in their order, out of all that are given."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda said: tuple(said[name] for name in names)


def _quick(convert: _Convert, kind: TypeEngine[Any]) -> _Convert:
    """The conversion of a parameter; most lists and mappings that are written are empty."""
    if not isinstance(kind, JSON):
        return convert
    empty: dict[Any, Any] = {list: convert([]), dict: convert({}), type(None): convert(None)}
    if not all(isinstance(text, str) for text in empty.values()):  # a driver's own values are made anew
        return convert
    return lambda value: convert(value) if value or type(value) not in empty else empty[type(value)]


def _plain(value: Any) -> Any:
    """A value of the statement itself; what a driver knows is quicker than what it has to ask for its form."""
    return value.value if isinstance(value, StrEnum) else value


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


def _line_of(on: On) -> Line | None:
    """The line that a session or a reader speaks over, if it does."""
    return on.spoken() if isinstance(on, LightSession) else on if isinstance(on, Line) else None


def _dialect_of(on: On) -> Dialect:
    """The dialect of what statements are run on; a session has one database."""
    if (line := _line_of(on)) is not None:
        return line.dialect
    if isinstance(on, Connection):
        return on.dialect
    assert isinstance(on, Session)
    held: tuple[Any, Connection] | None = on.info.get(_HELD)
    return on.get_bind().dialect if held is None else held[1].dialect


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
        # a list would be many rows to it
        result = connection.exec_driver_sql(sql, tuple(values) if isinstance(values, list) else values)
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
