"""Moving house: SQLite to PostgreSQL by copy, PostgreSQL to SQLite by backup, row for row."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.catalogue.models import Product
from marketplace.cli import archive
from marketplace.kernel.database import db
from marketplace.kernel.outside import storage
from marketplace.kernel.uow import transaction
from tests.app.test_archive import all_rows, engine_of, silent
from tests.scaled.conftest import Deployment, named
from tests.support.application import postgres_database

pytestmark = pytest.mark.scaled


def test_postgresql_to_sqlite_and_back(deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with deployment.application():
        before = all_rows(db.engine)
        names = storage().keys()
    for name, value in deployment.env.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "souq.backup"
    rows, files = archive.backup(file, silent)
    assert rows == sum(len(each) for each in before.values()) > 5000
    assert files == len(names) > 50

    for name in ("DATABASE_URL", "SEARCH_URL", "STORAGE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "")
    home = tmp_path / "small"
    monkeypatch.setenv("SOUQ_HOME", str(home))
    assert archive.restore(file, silent) == (rows, files)
    small = f"sqlite:///{home / 'souq.sqlite3'}"
    engine = engine_of(small)
    assert all_rows(engine) == before
    engine.dispose()

    with postgres_database(named("SOUQ_TEST_POSTGRES")) as target:
        counts = archive.copy_databases(small, target, silent)
        assert counts == {name: len(each) for name, each in before.items()}
        engine = engine_of(target.replace("postgresql://", "postgresql+psycopg://"))
        assert all_rows(engine) == before
        engine.dispose()
        with Deployment({**deployment.env, "DATABASE_URL": target}).application(), transaction() as session:
            # keys go on after the highest one
            highest = max(row[0] for row in before["product"])
            source = session.get_one(Product, highest)
            values = {column.name: getattr(source, column.name) for column in Product.__table__.columns}
            del values["id"], values["version"]
            copied = Product(**{**values, "slug": "copied", "external_key": None})
            session.add(copied)
            session.flush()
            assert copied.id > highest
