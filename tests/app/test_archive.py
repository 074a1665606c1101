"""Backup, restore and copy: every row and every file comes back as it was."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.engine import Engine

from config.settings import Settings
from marketplace.cli import archive
from marketplace.kernel import copying
from marketplace.kernel.database import db, prepare_engine
from marketplace.kernel.outside import storage
from tests.support.application import build
from tests.support.factories import a_certificate, a_draft, a_listed_product
from tests.support.people import Cast


def all_rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the schema, in the order of the keys."""
    found = {}
    with engine.connect() as connection:
        for table in copying.tables():
            ordered = select(table).order_by(*table.primary_key.columns)
            found[table.name] = [tuple(row) for row in connection.execute(ordered)]
    return found


def engine_of(address: str) -> Engine:
    """An engine beside the application's."""
    engine = create_engine(address)
    prepare_engine(engine)
    return engine


def silent(_part: str, _count: int) -> None:
    """A report nobody reads."""


@pytest.fixture
def home(app: Flask, people: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with rows of many kinds (texts of five languages, decimals, days, JSON, bytes) and with files."""
    seller, _buyer = people.seller(), people.buyer()
    a_listed_product(
        seller,
        title="Kopi arabika, „grün“",
        texts={"zh_Hant": "生豆咖啡"},
        certificates=[a_certificate(seller)],
        months={6: "120.5"},
        rungs=[("FOB", "Tanjung Perak", "kg", "USD", "100", "6.123456")],
    )
    a_draft(seller, "vanilla-beans")
    storage().put("photo/abc.webp", bytes(range(256)))
    storage().put("paper/deep/er.pdf", b"%PDF-1.7\n" * 1000)
    for name, value in {
        "SOUQ_HOME": str(settings.home),
        "SECRET_KEY": "k" * 40,
        "DATABASE_URL": settings.stores.database_url,
    }.items():
        monkeypatch.setenv(name, value)
    return settings.home


def test_a_backup_restores_row_for_row(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_rows(db.engine)
    file = tmp_path / "souq.backup"
    rows, files = archive.backup(file, silent)
    assert rows == sum(len(each) for each in before.values()) > 20
    assert files == 2
    assert file.stat().st_mode & 0o077 == 0

    other = tmp_path / "other"
    monkeypatch.setenv("SOUQ_HOME", str(other))
    monkeypatch.setenv("DATABASE_URL", "")
    assert archive.restore(file, silent) == (rows, files)
    engine = engine_of(f"sqlite:///{other / 'souq.sqlite3'}")
    assert all_rows(engine) == before
    engine.dispose()
    assert (other / "files/photo/abc.webp").read_bytes() == bytes(range(256))
    assert (other / "files/paper/deep/er.pdf").read_bytes() == b"%PDF-1.7\n" * 1000


def test_a_restore_does_not_touch_a_database_in_use(home: Path, tmp_path: Path) -> None:
    before = all_rows(db.engine)
    file = tmp_path / "souq.backup"
    archive.backup(file, silent)
    with pytest.raises(click.ClickException, match="already holds rows"):
        archive.restore(file, silent)
    assert all_rows(db.engine) == before


def test_a_backup_that_breaks_off_leaves_the_former_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "souq.backup"
    archive.backup(file, silent)
    before = file.read_bytes()

    def broken(_part: str, count: int) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        archive.backup(file, broken)
    assert file.read_bytes() == before


def test_a_spoiled_archive_restores_nothing(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "souq.backup"
    archive.backup(file, silent)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    other = tmp_path / "other"
    monkeypatch.setenv("SOUQ_HOME", str(other))
    monkeypatch.setenv("DATABASE_URL", "")
    with pytest.raises(click.ClickException, match="cannot be read"):
        archive.restore(file, silent)
    engine = engine_of(f"sqlite:///{other / 'souq.sqlite3'}")
    assert copying.row_count(engine) == 0
    engine.dispose()


def test_an_archive_of_another_format_is_refused(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "other.tar.gz"
    with tarfile.open(file, "w:gz") as made:
        made.add(__file__, "holiday.txt")
    monkeypatch.setenv("SOUQ_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("DATABASE_URL", "")
    with pytest.raises(click.ClickException, match="no backup"):
        archive.restore(file, silent)


def test_a_copy_holds_the_same_rows(home: Path, settings: Settings, tmp_path: Path) -> None:
    before = all_rows(db.engine)
    target = f"sqlite:///{tmp_path / 'copy.sqlite3'}"
    counts = archive.copy_databases(settings.stores.database_url, target, silent)
    assert counts == {name: len(rows) for name, rows in before.items()}
    engine = engine_of(target)
    assert all_rows(engine) == before
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()
    with pytest.raises(click.ClickException, match="already holds rows"):
        archive.copy_databases(settings.stores.database_url, target, silent)


def test_a_copy_wants_a_source_of_this_release(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite3"
    with pytest.raises(click.ClickException, match="no database at"):
        archive.copy_databases(f"sqlite:///{tmp_path / 'none.sqlite3'}", f"sqlite:///{target}", silent)
    assert not (tmp_path / "none.sqlite3").exists()
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(click.ClickException, match="not up to date"):
        archive.copy_databases(f"sqlite:///{tmp_path / 'empty.sqlite3'}", f"sqlite:///{target}", silent)
    assert not target.exists()


def test_a_restored_home_serves_what_was_there(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "souq.backup"
    archive.backup(file, silent)
    monkeypatch.setenv("SOUQ_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("DATABASE_URL", "")
    archive.restore(file, silent)
    restored = build(Settings.from_env())
    with restored.app_context():
        from marketplace.discovery.checking import rebuild_index

        assert rebuild_index() == 2  # the listed product and its seller
        page = restored.test_client().get("/en/products").get_data(as_text=True)
        assert "Kopi arabika, „grün“" in page
        db.session.remove()
        db.engine.dispose()
