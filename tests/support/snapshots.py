"""All business rows at a moment: kept, put back, compared."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import delete, insert, select, text

from marketplace.kernel.copying import tables
from marketplace.kernel.database import db
from marketplace.kernel.lines import WRITES

# rows of visits and of looking on: not what a form is about
LEFT_OUT = {"session", "tally", "search_log"}
Rows = dict[str, list[dict[str, Any]]]
Column = tuple[str, str]


def rows_now() -> Rows:
    """Every row of every table, as the database has it now."""
    with db.engine.connect() as connection:
        return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables()}


def put_back(kept: Rows) -> None:
    """Make the database hold exactly ``kept`` again."""
    db.session.remove()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for table in reversed(tables()):
            connection.execute(delete(table))
        if connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence"))  # new rows get the same numbers every time
        for table in tables():
            if kept[table.name]:
                connection.execute(insert(table), kept[table.name])


def differing(one: Rows, other: Rows) -> set[Column]:
    """The columns whose values are not the same ones; a column named "" stands for the number of rows."""
    found: set[Column] = set()
    for table in tables():
        if table.name in LEFT_OUT:
            continue
        left, right = one[table.name], other[table.name]
        if len(left) != len(right):
            found.add((table.name, ""))
        found |= {
            (table.name, column.name)
            for column in table.columns
            if Counter(repr(row[column.name]) for row in left) != Counter(repr(row[column.name]) for row in right)
        }
    return found
