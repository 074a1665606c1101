"""numbers are given once

SQLite gives the number of a deleted last row to the next one unless its table says AUTOINCREMENT. Every numbered table
is made anew from its own statement, with that word in it; PostgreSQL's sequences never go back.

Revision: 2a9ed125d8d6
After: 6568fa815dc0
"""

import re

import sqlalchemy as sa
from alembic import op

revision = '2a9ed125d8d6'
down_revision = '6568fa815dc0'
branch_labels = None
depends_on = None

BEFORE = re.compile(r"^(\s*\"?id\"? INTEGER NOT NULL)(?=\s*,)", re.M)
KEY = re.compile(r",\s*CONSTRAINT \"?pk_\w+\"? PRIMARY KEY \(id\)")
AFTER = re.compile(r"^(\s*\"?id\"? INTEGER NOT NULL) PRIMARY KEY AUTOINCREMENT(?=\s*,)", re.M)
NAME = re.compile(r"^CREATE TABLE \"?\w+\"?")
# the audit trail names rows that may be gone by now: their numbers are taken, too
SUBJECTS = {
    "application": "distributor_application", "block": "block", "certificate": "certificate", "chapter": "chapter",
    "file": "stored_file", "link": "link_token", "message": "message", "notice": "notice",
    "organisation": "organisation", "product": "product", "report": "report", "rfq": "rfq", "seller": "seller",
    "task": "task", "user": "user_account",
}


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for name, statement in _statements(connection):
        if BEFORE.search(statement) and KEY.search(statement):
            _make_anew(connection, name, KEY.sub("", BEFORE.sub(r"\1 PRIMARY KEY AUTOINCREMENT", statement)))
    for subject, name in SUBJECTS.items():
        _go_on_from(connection, name, f"{subject}:")


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for name, statement in _statements(connection):
        if AFTER.search(statement):
            key = f",\n\tCONSTRAINT pk_{name} PRIMARY KEY (id)\n)"
            _make_anew(connection, name, re.sub(r"\s*\)\s*$", lambda _end: key, AFTER.sub(r"\1", statement)))


def _statements(connection: sa.Connection) -> list[tuple[str, str]]:
    rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"))
    return [(row.name, row.sql) for row in rows.all()]


def _make_anew(connection: sa.Connection, name: str, statement: str) -> None:
    """The table by ``statement`` in the place of the present one, with its rows, indexes and triggers."""
    if connection.execute(sa.text("PRAGMA foreign_keys")).scalar():
        raise RuntimeError("with foreign keys on, dropping a table deletes the rows that name its rows")
    columns = connection.execute(sa.text(f'PRAGMA table_info("{name}")')).mappings().all()
    listed = ", ".join(f'"{column["name"]}"' for column in columns)
    query = "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    beside = connection.execute(sa.text(query), {"name": name}).scalars().all()
    connection.exec_driver_sql(NAME.sub(f'CREATE TABLE "_anew_{name}"', statement))
    connection.exec_driver_sql(f'INSERT INTO "_anew_{name}" ({listed}) SELECT {listed} FROM "{name}" ORDER BY id')
    connection.exec_driver_sql(f'DROP TABLE "{name}"')
    connection.exec_driver_sql(f'ALTER TABLE "_anew_{name}" RENAME TO "{name}"')
    for one in beside:
        connection.exec_driver_sql(one)


def _go_on_from(connection: sa.Connection, name: str, prefix: str) -> None:
    query = sa.text(
        "SELECT max(CAST(substr(subject, :length) AS INTEGER)) FROM audit_entry WHERE subject >= :low AND subject < :high"
    )
    values = {"length": len(prefix) + 1, "low": prefix, "high": prefix[:-1] + ";"}  # a semicolon follows the colon
    number = connection.execute(query, values).scalar() or 0
    last = connection.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name}).scalar()
    row = {"name": name, "number": number}
    if last is None:
        connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), row)
    elif last < number:
        connection.execute(sa.text("UPDATE sqlite_sequence SET seq = :number WHERE name = :name"), row)
