"""All rows of the schema from one database to another, or into a portable archive and back.

Rows travel in foreign-key order inside one read transaction of the source, so the copy is the
state of one moment even while others write.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select

from marketplace.kernel.database import db
from marketplace.kernel.lines import WRITES
from marketplace.kernel.numbering import go_on_from, is_numbered, last_numbers

BATCH = 1000
Progress = Callable[[str, int], None]


class TargetNotEmpty(RuntimeError):
    """The database to write into already holds rows."""


def tables() -> list[Table]:
    """Every table of the schema, parents first."""
    return list(db.metadatas[None].sorted_tables)


def row_count(engine: Engine) -> int:
    """How many rows the schema's tables hold together."""
    with engine.connect() as connection:
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables())


def copy(source: Engine, target: Engine, progress: Progress) -> dict[str, int]:
    """Copy all rows into the empty, migrated ``target``; gives the count per table."""
    with _snapshot(source) as reading:
        numbers = last_numbers(reading)
        batches = ((table, _batches(reading, table)) for table in tables())
        return _fill(target, batches, numbers, progress)


def dump(source: Engine, write_line: Callable[[str], None], progress: Progress) -> dict[str, int]:
    """Write all rows as JSON lines ``{"t": table, "r": {...}}``; gives the count per table."""
    counts: dict[str, int] = {}
    with _snapshot(source) as reading:
        for table in tables():
            count = 0
            with closing(_batches(reading, table)) as batches:
                for batch in batches:
                    for row in batch:
                        values = {name: _portable(value) for name, value in row.items()}
                        line = {"t": table.name, "r": values}
                        write_line(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
                    count += len(batch)
                    progress(table.name, count)
            counts[table.name] = count
    return counts


def load(target: Engine, lines: Iterable[str], numbers: dict[str, int], progress: Progress) -> dict[str, int]:
    """Fill the empty, migrated ``target`` from lines that `dump` wrote; rows to come go on after ``numbers``."""
    known = {table.name: table for table in tables()}

    def grouped() -> Iterator[tuple[Table, Iterator[list[dict[str, Any]]]]]:
        name = ""
        batch: list[dict[str, Any]] = []
        for line in lines:
            record = json.loads(line)
            if record["t"] != name or len(batch) >= BATCH:
                if batch:
                    yield known[name], iter([batch])
                name, batch = record["t"], []
            batch.append({key: _restored(value) for key, value in record["r"].items()})
        if batch:
            yield known[name], iter([batch])

    return _fill(target, grouped(), numbers, progress)


def _snapshot(engine: Engine) -> Connection:
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _batches(connection: Connection, table: Table) -> Generator[list[dict[str, Any]], None, None]:
    order = list(table.primary_key.columns)
    with connection.execution_options(yield_per=BATCH).execute(select(table).order_by(*order)) as result:
        for part in result.mappings().partitions(BATCH):
            yield [dict(row) for row in part]


def _fill(
    target: Engine,
    batches: Iterable[tuple[Table, Iterator[list[dict[str, Any]]]]],
    numbers: dict[str, int],
    progress: Progress,
) -> dict[str, int]:
    if row_count(target):
        raise TargetNotEmpty("the target database already holds rows; give an empty one")
    counts = {table.name: 0 for table in tables()}
    with target.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for table, parts in batches:
            for part in parts:
                connection.execute(insert(table), part)
                counts[table.name] += len(part)
                progress(table.name, counts[table.name])
        go_on_from(connection, {table.name: numbers.get(table.name, 0) for table in tables() if is_numbered(table)})
    return counts


def _portable(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, (dict, list)):
        return {"$json": value}
    return value


def _restored(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "$moment":
        return datetime.fromisoformat(inner)
    if kind == "$date":
        return date.fromisoformat(inner)
    if kind == "$number":
        return Decimal(inner)
    if kind == "$bytes":
        return base64.b64decode(inner)
    return inner
