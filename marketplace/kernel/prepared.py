"""SELECTs that are compiled once: a page that reads the same few rows each time pays for reading them only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

Raw = tuple[Any, ...]
Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
_Convert = Callable[[Any], Any]


class _Compiled:
    """A statement in one dialect, and how each of its columns becomes a Python value."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.fixed = dict(compiled.params)
        self.order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self.dialect = dialect
        self.types = [column.type for column in statement.selected_columns]
        self.converters: list[tuple[int, _Convert]] | None = None

    def values(self, given: dict[str, Any]) -> Any:
        """The parameters in the driver's own form."""
        values = {**self.fixed, **given}
        return values if self.order is None else tuple(values[name] for name in self.order)

    def learn(self, description: Sequence[Sequence[Any]]) -> None:
        """Choose the converters; some depend on what the driver says a column is."""
        found: list[tuple[int, _Convert]] = []
        for place, (type_, column) in enumerate(zip(self.types, description, strict=True)):
            convert = type_.dialect_impl(self.dialect).result_processor(self.dialect, column[1])
            if convert is not None:
                found.append((place, convert))
        self.converters = found


class Prepared:
    """One SELECT with named parameters that are keys or texts.

    ``raw`` gives rows as the driver hands them over, enough to tell whether something has changed; ``typed`` makes of
    them what the same SELECT through SQLAlchemy would give.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def raw(self, session: Session, **values: Any) -> list[Raw]:
        """All rows, unconverted."""
        connection = session.connection()
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _Compiled(self._statement, connection.dialect)
        result = connection.exec_driver_sql(compiled.sql, compiled.values(values))
        if compiled.converters is None:
            compiled.learn(result.cursor.description)
        return [tuple(row) for row in result]

    def typed(self, session: Session, rows: Iterable[Raw]) -> list[Raw]:
        """Rows that ``raw`` gave, as Python values; asks the database nothing."""
        compiled = self._compiled[session.connection().dialect.name]
        made = []
        for row in rows:
            values = list(row)
            for place, convert in compiled.converters or ():
                values[place] = convert(values[place])
            made.append(tuple(values))
        return made
