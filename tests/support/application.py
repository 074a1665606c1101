"""Applications for tests: a prepared database per test, on SQLite or on a PostgreSQL server."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, g
from flask_migrate import upgrade

from config.settings import Settings
from marketplace.app import create_app
from marketplace.kernel.database import db
from marketplace.kernel.places import migrations_folder
from marketplace.wiring import init_migrations
from tests.support.browsers import TidyClient
from tests.support.in_step import keep_index_in_step


def build(settings: Settings, *, testing: bool = True) -> Flask:
    """The application for a test; its index follows each commit also where it does not live in the database.

    With ``testing`` off it counts writes, as it does where it is deployed.
    """
    application = create_app(settings, testing=testing)
    application.test_client_class = TidyClient
    init_migrations(application)
    application.before_request_funcs.setdefault(None, []).insert(0, _forget_former_request)
    if not settings.stores.is_sqlite:
        keep_index_in_step(application)
    return application


def _forget_former_request() -> None:
    """Tests hold one application context open: what a request keeps in ``g`` (person, token, language) ends with it."""
    for name in list(g):
        g.pop(name)


def home_settings(home: Path, **more: str) -> Settings:
    """Settings of an embedded home in ``home``."""
    env = {"SOUQ_HOME": str(home), "SECRET_KEY": "k" * 40, **more}
    return Settings.from_env(env)


def prepared_database(folder: Path) -> Path:
    """A migrated SQLite file in ``folder``."""
    settings = home_settings(folder)
    application = build(settings)
    with application.app_context():
        upgrade()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "souq.sqlite3"


@contextmanager
def test_settings(prepared: Path, home: Path, environ: Mapping[str, str]) -> Iterator[Settings]:
    """Settings for one test: a copied SQLite file, or a copied PostgreSQL database."""
    more = {
        name: environ[f"SOUQ_TEST_{name}"] for name in ("SEARCH_URL", "REDIS_URL") if environ.get(f"SOUQ_TEST_{name}")
    }
    server = environ.get("SOUQ_TEST_POSTGRES", "")
    if not server:
        shutil.copyfile(prepared, home / "souq.sqlite3")
        yield home_settings(home, **more)
        return
    with postgres_database(server) as url:
        yield home_settings(home, DATABASE_URL=url, **more)


@contextmanager
def postgres_database(server: str) -> Iterator[str]:
    """A database of its own on ``server`` (postgresql://user@host:port), copied from a migrated template."""
    import psycopg

    # the dice of a test fall alike in every run: its process tells two runs on one server apart
    name = f"souq_{os.getpid()}_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        template = _ensured_template(admin, server)
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # of a run that was killed
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _migrations_digest() -> str:
    """Tells two states of the migrations apart, also while their newest revision keeps its name."""
    files = sorted(migrations_folder().joinpath("versions").glob("*.py"))
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:20]


def _ensured_template(admin: Any, server: str) -> str:
    """A migrated database to copy, named after its schema; made once a server, also when several test runs ask."""
    template = f"souq_prepared_{_migrations_digest()}"
    admin.execute("SELECT pg_advisory_lock(20261122)")
    try:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (template,)).fetchone() is None:
            draft = f"{template}_draft"
            admin.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{draft}"')
            with tempfile.TemporaryDirectory() as folder:
                application = build(home_settings(Path(folder), DATABASE_URL=f"{server}/{draft}"))
                with application.app_context():
                    upgrade()
                    db.session.remove()
                    db.engine.dispose()
            admin.execute(f'ALTER DATABASE "{draft}" RENAME TO "{template}"')
    finally:
        admin.execute("SELECT pg_advisory_unlock(20261122)")
    return template
