"""Migrations and models say the same, in both directions."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from marketplace.kernel.database import db


def _differences() -> list[object]:
    def ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
        return not (kind == "table" and reflected and compare_to is None)

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_object": ours})
        return list(compare_metadata(context, db.metadatas[None]))


def test_the_migrated_schema_is_the_one_of_the_models(app: Flask) -> None:
    assert _differences() == []


def test_migrations_go_down_and_up_again(app: Flask) -> None:
    downgrade(revision="base")
    db.session.remove()
    left = {name for name in inspect(db.engine).get_table_names() if not name.startswith(("search_", "sqlite_"))}
    assert left == {"alembic_version"}
    upgrade()
    assert _differences() == []
