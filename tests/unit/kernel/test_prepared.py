"""Statements that are compiled once give what SQLAlchemy gives."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, create_engine, select
from sqlalchemy.pool import StaticPool

from marketplace.kernel.prepared import Prepared

THINGS = Table("thing", MetaData(), Column("id", Integer, primary_key=True), Column("said", JSON(none_as_null=True)))


@pytest.mark.parametrize(
    "said",
    [
        [{"en": 'Coffee, "green"', "id": "Kopi"}, ["a", ["b", None]], {}, [], "text", "1,2", True],
        [{"en": "Tea"}, None, 7, 2.5],
        [None, None],
        [],
    ],
)
def test_json_of_many_rows_is_read_as_that_of_each(said: list[Any]) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    statement = select(THINGS.c.id, THINGS.c.said).order_by(THINGS.c.id)
    prepared = Prepared(statement)
    with engine.connect() as connection:
        THINGS.create(connection)
        for number, each in enumerate(said):
            connection.execute(THINGS.insert().values(id=number, said=each))
        expected = [tuple(row) for row in connection.execute(statement)]
        assert prepared.rows(connection) == expected == list(enumerate(said))
    engine.dispose()
