"""Backup, restore and copy: database rows and stored files, independent of the kind of database."""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import Engine

from config.settings import Settings
from marketplace.app import create_app
from marketplace.cli.progress import Report
from marketplace.kernel import copying
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.outside import storage

FORMAT = 1
ROWS, MANIFEST, FILES = "rows.jsonl", "manifest.json", "files/"


@contextmanager
def _opened(database_url: str | None = None) -> Iterator[tuple[Flask, Engine]]:
    settings = Settings.from_env()
    if database_url is not None:
        address = Settings.from_env({**os.environ, "DATABASE_URL": database_url}).stores.database_url
        settings = replace(settings, stores=replace(settings.stores, database_url=address))
    app = create_app(settings)
    with app.app_context():
        yield app, db.engine
        db.session.remove()


def _migrate(app: Flask) -> None:
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()


def copy_databases(source: str, target: str, report: Report) -> dict[str, int]:
    """Copy every row from one address to the other; the target is migrated first and must be empty."""
    with _opened(target) as (target_app, target_engine):
        _migrate(target_app)
        with _opened(source) as (_, source_engine):
            try:
                return copying.copy(source_engine, target_engine, report)
            except copying.TargetNotEmpty as failure:
                raise click.ClickException(str(failure)) from None


def backup(file: Path, report: Report) -> tuple[int, int]:
    """Write rows and files into ``file``; gives how many of each. The archive appears whole or not at all."""
    waiting = file.with_name(f".{file.name}.part")
    with _opened() as (_, engine), tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / ROWS
        with open(rows, "w", encoding="utf-8") as lines:
            counts = copying.dump(engine, lambda line: lines.write(line + "\n") and None, report)
        with tarfile.open(waiting, "w:gz", compresslevel=3) as archive:
            archive.add(rows, ROWS)
            files = 0
            # rows first: a file that a row names was stored before the row was committed
            names = storage().keys()
            for key in names:
                _add(archive, FILES + key, storage().get(key))
                files += 1
                report("files", files)
            manifest = {"format": FORMAT, "made_at": now().isoformat(), "rows": counts, "files": files}
            _add(archive, MANIFEST, json.dumps(manifest, indent=1).encode())
    os.chmod(waiting, 0o600)
    os.replace(waiting, file)
    return sum(counts.values()), files


def restore(file: Path, report: Report) -> tuple[int, int]:
    """Fill this home's empty database and its storage from ``file``."""
    with _opened() as (app, engine), tarfile.open(file, "r:gz") as archive:
        _migrate(app)
        rows = files = 0
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None:
                continue
            if member.name == ROWS:
                try:
                    counts = copying.load(engine, io.TextIOWrapper(stream, encoding="utf-8"), report)
                except copying.TargetNotEmpty as failure:
                    raise click.ClickException(str(failure)) from None
                rows = sum(counts.values())
            elif member.name.startswith(FILES):
                storage().put(member.name.removeprefix(FILES), stream.read())
                files += 1
                report("files", files)
        return rows, files


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mtime = int(now().timestamp())
    archive.addfile(entry, io.BytesIO(data))
