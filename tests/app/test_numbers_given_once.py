"""A row's number is given once, also after the row is gone: on both databases, after an upgrade, a copy, a restore."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, insert, inspect, select, text
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.cli import archive
from marketplace.kernel.audit import AuditEntry
from marketplace.kernel.clock import now
from marketplace.kernel.copying import tables
from marketplace.kernel.database import db
from marketplace.kernel.lines import WRITES
from marketplace.kernel.numbering import is_numbered
from marketplace.kernel.uow import transaction
from marketplace.saved.models import Shortlist
from marketplace.saved.services import lists
from tests.app.test_archive import engine_of, silent
from tests.app.test_fuzz import seeded
from tests.support.application import postgres_database
from tests.support.people import Cast, Person

BEFORE = "6568fa815dc0"  # the schema of before
ANEW = "2a9ed125d8d6"
ROWS = 20_000


def a_list(person: Person, name: str = "For the spring") -> int:
    with transaction() as session:
        return lists.make_list(session, person.actor, name).id


def drop_list(key: int) -> None:
    with transaction() as session:
        session.execute(delete(Shortlist).where(Shortlist.id == key))


def rows_now() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that the schema has just now."""
    found = {}
    with db.engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            if not name.startswith(("search_", "sqlite_", "alembic_")):
                found[name] = sorted(
                    (tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))), key=repr
                )
    return found


def statements() -> set[tuple[str, str]]:
    """(name, statement) of every index, and of every table without the words this is about."""
    with db.engine.connect() as connection:
        query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        return {
            (row.name, plain(row.sql, row.tbl_name)) for row in connection.execute(text(query)) if row.sql is not None
        }


def plain(statement: str, table: str) -> str:
    said = statement.replace(f'"{table}"', table).replace(" PRIMARY KEY AUTOINCREMENT", "")
    return said.replace(f", \n\tCONSTRAINT pk_{table} PRIMARY KEY (id)", "")


@contextmanager
def foreign_keys_off() -> Iterator[Any]:
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        yield driver
        driver.execute("PRAGMA foreign_keys=ON")


def on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def test_the_number_of_a_row_that_is_gone_is_not_given_again(app: Flask, people: Cast) -> None:
    buyer = people.buyer()
    first = a_list(buyer)
    drop_list(first)
    assert a_list(buyer) > first


def test_every_numbered_table_numbers_for_good(app: Flask) -> None:
    numbered = [table.name for table in tables() if is_numbered(table)]
    assert len(numbered) >= 55
    if not on_sqlite():
        return
    with db.engine.connect() as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%PRIMARY KEY AUTOINCREMENT%'"
        assert set(connection.execute(text(query)).scalars()) == set(numbered)


def test_an_upgrade_from_the_schema_of_before_keeps_everything(app: Flask, people: Cast, session: Session) -> None:
    seeded(people, None, "visitor")
    with transaction() as inside:
        subject = {"at": now(), "action": "product.deleted", "subject": "product:900", "details": {}}
        inside.execute(insert(AuditEntry), [subject])
    session.rollback()
    downgrade(revision=ANEW)  # without what came later
    rows, schema = rows_now(), statements() if on_sqlite() else set()
    assert sum(len(some) for some in rows.values()) > 50
    assert sum(bool(some) for some in rows.values()) > 15
    downgrade(revision=BEFORE)
    db.session.remove()
    if on_sqlite():
        with db.engine.connect() as connection:
            query = "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
            assert connection.execute(text(query)).scalar() == 0
    assert rows_now() == rows
    upgrade(revision=ANEW)
    assert rows_now() == rows
    if not on_sqlite():
        upgrade()
        return
    assert statements() == schema
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        last = dict(connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all())  # type: ignore[arg-type]  # rows are pairs
    assert last["product"] == 900, "the audit trail still speaks of it"
    assert last["user_account"] == max(row[0] for row in rows["user_account"])
    upgrade()


def test_an_upgrade_that_cannot_end_well_leaves_the_former_schema(app: Flask, people: Cast) -> None:
    if not on_sqlite():
        pytest.skip("PostgreSQL never lets such a row be")
    people.buyer()
    downgrade(revision=BEFORE)
    db.session.remove()
    with foreign_keys_off() as driver:
        driver.execute(
            "INSERT INTO membership (organisation_id, user_id, role, created_at)"
            " VALUES (99999, 99999, 'owner', '2026-11-22')"
        )
    before = statements()
    with pytest.raises(SystemExit):  # the command line tells why and fails
        upgrade()
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [BEFORE]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert statements() == before


def test_people_read_and_write_while_tables_are_made_anew(app: Flask, people: Cast) -> None:
    """T24 in small: readers see the rows all the time, a writer waits its turn and loses nothing."""
    people.buyer()
    downgrade(revision=BEFORE)
    db.session.remove()
    entry = {"at": now(), "action": "listing.published", "subject": "product:7", "details": {}}
    with transaction() as session:
        session.execute(insert(AuditEntry), [entry] * ROWS)
    count = text("SELECT count(*) FROM audit_entry WHERE action = 'listing.published'")
    begun, ended = threading.Event(), threading.Event()
    seen: list[int] = []
    faults: list[Exception] = []

    def read() -> None:
        with app.app_context():
            while not ended.is_set():
                try:
                    with db.engine.connect() as connection:
                        seen.append(connection.execute(count).scalar() or 0)
                except Exception as fault:
                    faults.append(fault)
                begun.set()
                time.sleep(0.005)

    def write() -> None:
        with app.app_context():
            begun.wait(30)
            writing = db.engine.connect().execution_options(**{WRITES: True})
            try:
                with writing as connection, connection.begin():
                    connection.execute(insert(AuditEntry), [entry])
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    begun.wait(30)
    upgrade()
    threads[1].join(60)
    ended.set()
    threads[0].join(60)
    assert faults == []
    assert set(seen) <= {ROWS, ROWS + 1}
    with db.engine.connect() as connection:
        assert connection.execute(count).scalar() == ROWS + 1


def test_two_starts_at_once_upgrade_once(tmp_path: Path, settings: Settings) -> None:
    def both(**more: str) -> None:
        env = {**os.environ, "SOUQ_HOME": str(tmp_path / "home"), "SECRET_KEY": "k" * 40, **more}
        command = [sys.executable, "-m", "marketplace.cli.main", "db", "upgrade"]
        runs = [
            subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _number in range(2)
        ]
        told = [run.communicate(timeout=300)[0].decode() for run in runs]
        assert [run.returncode for run in runs] == [0, 0], told

    if settings.stores.is_sqlite:
        both()
        return
    with postgres_database(os.environ["SOUQ_TEST_POSTGRES"]) as url:
        engine = engine_of(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        assert inspect(engine).get_table_names() == []
        both(DATABASE_URL=url)
        assert len(inspect(engine).get_table_names()) > 50
        engine.dispose()


@pytest.mark.parametrize("way", ["restore", "copy"])
def test_a_database_made_from_another_goes_on_from_its_numbers(
    app: Flask, people: Cast, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    last = a_list(people.buyer())
    drop_list(last)
    address = settings.stores.database_url
    for name, value in {"SOUQ_HOME": str(settings.home), "SECRET_KEY": "k" * 40, "DATABASE_URL": address}.items():
        monkeypatch.setenv(name, value)
    other = tmp_path / "other"
    target = f"sqlite:///{other / 'souq.sqlite3'}"
    if way == "copy":
        other.mkdir()
        archive.copy_databases(address, target, silent)
    else:
        file = tmp_path / "souq.backup"
        archive.backup(file, silent)
        monkeypatch.setenv("SOUQ_HOME", str(other))
        monkeypatch.setenv("DATABASE_URL", "")
        archive.restore(file, silent)
    engine = engine_of(target)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        user = connection.execute(select(db.metadatas[None].tables["user_account"].c.id)).scalars().first()
        made = insert(Shortlist.__table__).values(user_id=user, name="Next", created_at=now(), changed_at=now())
        key = connection.execute(made).inserted_primary_key
        assert key is not None
        assert key[0] == last + 1
    engine.dispose()
