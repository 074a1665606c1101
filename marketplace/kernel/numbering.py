"""The last number each table gave to a row: what a copy, a restore and a rebuilt table go on from.

Texts outside the database name rows by their numbers (mails, links, the audit trail, files people took along), so a
number is given once, also after its row is gone.
"""

from __future__ import annotations

from sqlalchemy import Table, inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.sql.schema import MetaData
from sqlalchemy.types import Integer


def is_numbered(table: Table) -> bool:
    """Whether the database numbers the rows of ``table``: its whole key is ``id``, an integer of its own."""
    columns = list(table.primary_key.columns)
    if len(columns) != 1 or columns[0].name != "id" or columns[0].foreign_keys:
        return False
    return isinstance(columns[0].type, Integer)


def number_for_good(table: Table, _metadata: MetaData) -> None:
    """SQLite gives the number of a deleted last row again unless its table says AUTOINCREMENT; migrations too."""
    if is_numbered(table):
        table.dialect_options["sqlite"]["autoincrement"] = True


def last_numbers(connection: Connection) -> dict[str, int]:
    """The last number given, by table; a table that never gave one is left out."""
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return {}
        found = connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
    else:
        query = (
            "SELECT left(sequencename, -7), last_value FROM pg_sequences"
            " WHERE schemaname = current_schema() AND right(sequencename, 7) = '_id_seq' AND last_value IS NOT NULL"
        )
        found = connection.execute(text(query)).all()
    return {str(name): int(number) for name, number in found}


def go_on_from(connection: Connection, numbers: dict[str, int]) -> None:
    """Let each table give no number up to the one in ``numbers``, nor up to its largest, again."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
        for name in connection.execute(query).scalars().all():
            if name in numbers:
                _remember(connection, name, numbers[name])
    else:
        for name, number in numbers.items():
            largest = f'SELECT GREATEST(:number, COALESCE(MAX(id), 0)) AS last FROM "{name}"'  # noqa: S608 - our own names
            sequence = f"pg_get_serial_sequence('\"{name}\"', 'id')"
            advance = f"SELECT setval({sequence}, last) FROM ({largest}) AS found WHERE last > 0"  # noqa: S608 - as above
            connection.execute(text(advance), {"number": number})


def _remember(connection: Connection, name: str, number: int) -> None:
    values = {"name": name, "number": number}
    known = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), values).scalar()
    if known is None:
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), values)
    elif known < number:
        connection.execute(text("UPDATE sqlite_sequence SET seq = :number WHERE name = :name"), values)
