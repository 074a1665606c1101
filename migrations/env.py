"""Alembic's environment: the application's models, batch mode for SQLite, and no eye for foreign tables.

An upgrade is one transaction that nobody else writes beside: two starts at once do the work once, a killed one leaves
the former schema.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import text
from sqlalchemy.engine import Connection

from marketplace.kernel.database import Exact, Moment, db
from marketplace.kernel.lines import WRITES
from marketplace.kernel.numbering import go_on_from, last_numbers

target = db.metadatas[None]
ONE_AT_A_TIME = 20261123  # the number of PostgreSQL's lock for upgrades


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Tables of the search index and of other programs in the same database are not ours to drop."""
    return not (kind == "table" and reflected and compare_to is None)


def render_item(kind: str, thing: Any, autogen_context: Any) -> Any:
    """Our column types by name, so that a migration states what it means."""
    if kind == "type" and isinstance(thing, Moment | Exact):
        autogen_context.imports.add("from marketplace.kernel.database import Exact, Moment")
        return f"{type(thing).__name__}()"
    return False


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        _heed_references(connection, False)
        try:
            with connection.begin():
                _migrate(connection)
        finally:
            _heed_references(connection, True)


def _migrate(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
    context.configure(
        connection=connection,
        target_metadata=target,
        render_as_batch=True,
        compare_type=True,
        include_object=include_object,
        render_item=render_item,
    )
    before = last_numbers(connection)
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite:
        # a table that was made anew has forgotten what it gave to rows that are gone
        go_on_from(connection, before)
        broken = {row[0] for row in connection.execute(text("PRAGMA foreign_key_check"))}
        if broken:
            raise RuntimeError(f"rows of {', '.join(sorted(broken))} would name rows that are missing")


def _heed_references(connection: Connection, are_heeded: bool) -> None:
    """Switch SQLite's foreign keys, outside of a transaction: making a table anew drops the old one, and with foreign
    keys on that would delete every row that names one of its rows."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute(f"PRAGMA foreign_keys={'ON' if are_heeded else 'OFF'}")


run()
