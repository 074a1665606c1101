"""Backup, restore and copy: database rows and stored files, independent of the kind of database."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import Engine, inspect, text

from config.settings import Settings
from marketplace.app import create_app
from marketplace.cli.progress import Report
from marketplace.kernel import copying
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.numbering import last_numbers
from marketplace.kernel.outside import storage
from marketplace.web.checks import newest_revisions
from marketplace.wiring import init_migrations

FORMAT = 1
MANIFEST, ROWS, FILES, END = "manifest.json", "rows.jsonl", "files/", "end.json"


@contextmanager
def _opened(database_url: str | None = None) -> Iterator[tuple[Flask, Engine]]:
    settings = Settings.from_env()
    if database_url is not None:
        address = Settings.from_env({**os.environ, "DATABASE_URL": database_url}).stores.database_url
        settings = replace(settings, stores=replace(settings.stores, database_url=address))
    app = create_app(settings)
    with app.app_context():
        try:
            yield app, db.engine
        finally:
            db.session.remove()
            db.engine.dispose()


def _migrate(app: Flask) -> None:
    from flask_migrate import upgrade

    init_migrations(app)
    with app.app_context():
        upgrade()


def copy_databases(source: str, target: str, report: Report) -> dict[str, int]:
    """Copy every row from one address to the other; the target is migrated first and must be empty."""
    _require_file(source)
    with _opened(source) as (_, source_engine):
        _require_schema(source, source_engine)
        with _opened(target) as (target_app, target_engine):
            _migrate(target_app)
            try:
                return copying.copy(source_engine, target_engine, report)
            except copying.TargetNotEmpty as failure:
                raise click.ClickException(str(failure)) from None


def _require_file(address: str) -> None:
    """Refuse a SQLite file that is not there: connecting would make one."""
    file = address.removeprefix("sqlite:///").partition("?")[0] if address.startswith("sqlite:") else ""
    if file and not Path(file).is_file():
        raise click.ClickException(f"There is no database at {address}.")


def _require_schema(address: str, engine: Engine) -> None:
    """Refuse a source of another release before the target is touched."""
    with engine.connect() as connection:
        found = set()
        if inspect(connection).has_table("alembic_version"):
            found = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    if found != newest_revisions():
        raise click.ClickException(f"The schema of {address} is not up to date; run souq db upgrade with it first.")


def backup(file: Path, report: Report) -> tuple[int, int]:
    """Write rows and files into ``file``; gives how many of each. The archive appears whole or not at all."""
    waiting = file.with_name(f".{file.name}.part")
    try:
        return _backed_up(file, waiting, report)
    finally:
        waiting.unlink(missing_ok=True)


def _backed_up(file: Path, waiting: Path, report: Report) -> tuple[int, int]:
    with _opened() as (_, engine), tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / ROWS
        with open(rows, "w", encoding="utf-8") as lines:
            counts = copying.dump(engine, lambda line: print(line, file=lines), report)
        with engine.connect() as connection:
            numbers = last_numbers(connection)
        descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds personal data
        with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as archive:
            _add_manifest(archive, {"format": FORMAT, "made_at": now().isoformat(), "rows": counts, "numbers": numbers})
            archive.add(rows, ROWS)
            files = 0
            # rows first: a file that a row names was stored before the row was committed
            names = storage().keys()
            for key in names:
                _add(archive, FILES + key, storage().get(key))
                files += 1
                report("files", files)
            _add(archive, END, json.dumps({"files": files}).encode())
    os.replace(waiting, file)
    return sum(counts.values()), files


def restore(file: Path, report: Report) -> tuple[int, int]:
    """Fill this home's empty database and its storage from ``file``; gives how many rows and files.

    Files are put first and rows last, in one transaction: an archive that cannot be read to its end leaves no rows.
    """
    try:
        with _opened() as (app, engine), tempfile.TemporaryDirectory() as folder:
            _migrate(app)
            if copying.row_count(engine):
                raise copying.TargetNotEmpty("the target database already holds rows; give an empty one")
            rows = Path(folder) / ROWS
            files, numbers = _unpacked(file, rows, report)
            with open(rows, encoding="utf-8") as lines:
                counts = copying.load(engine, lines, numbers, report)
            return sum(counts.values()), files
    except copying.TargetNotEmpty as failure:
        raise click.ClickException(str(failure)) from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as failure:
        raise click.ClickException(f"{file} cannot be read to its end: {failure}. Nothing was restored.") from None


def _unpacked(file: Path, rows: Path, report: Report) -> tuple[int, dict[str, int]]:
    """Put every file of the archive into the storage and its rows into ``rows``; gives how many files, last numbers."""
    files, has_manifest, expected = 0, False, -1
    numbers: dict[str, int] = {}
    with tarfile.open(file, "r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None:
                continue
            if member.name == MANIFEST:
                manifest = json.loads(stream.read())
                has_manifest = manifest.get("format") == FORMAT
                numbers = manifest.get("numbers", {})  # older archives know their rows alone
            if not has_manifest:
                raise click.ClickException(f"{file} is no backup that this release can read. Nothing was restored.")
            if member.name == ROWS:
                with open(rows, "wb") as out:
                    shutil.copyfileobj(stream, out)
            elif member.name == END:
                expected = int(json.loads(stream.read())["files"])
            elif member.name.startswith(FILES):
                storage().put(member.name.removeprefix(FILES), stream.read())
                files += 1
                report("files", files)
    if files != expected:
        raise EOFError("it ends too early")
    return files, numbers


def _add_manifest(archive: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    _add(archive, MANIFEST, json.dumps(manifest, indent=1).encode())


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mtime = int(now().timestamp())
    archive.addfile(entry, io.BytesIO(data))
