"""Alembic's environment: the application's models, batch mode for SQLite, and no eye for foreign tables."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from marketplace.kernel.database import Exact, Moment, db

target = db.metadatas[None]


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
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=True,
            compare_type=True,
            include_object=include_object,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
