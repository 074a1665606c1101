"""A prepared database copied per test, the application on it, and no socket but loopback."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as tries
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.kernel.clock import frozen
from marketplace.kernel.database import db
from tests.support.application import build, prepared_database
from tests.support.chance import throw, thrown
from tests.support.people import Cast

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# how long a try takes says nothing on a busy machine, and what was green once is tried the same way again
tries.register_profile("souq", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
tries.load_profile("souq")


def pytest_configure() -> None:
    throw()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    thrown.begin(item.nodeid)


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """A test that reaches for the network fails."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> object:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0]) if isinstance(address, tuple) else ""
            if host not in {"127.0.0.1", "::1", "localhost"}:
                raise AssertionError(f"a test reached for {host}")
        return real(self, address)  # type: ignore[arg-type]

    socket.socket.connect = connect  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = real  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _more_names() -> Iterator[None]:
    """With SOUQ_EXTRA_NAMES, every form that is sent is tried with thirty names more on a copy of the site."""
    folder = os.environ.get("SOUQ_EXTRA_NAMES")
    if not folder:
        yield
        return
    from tests.support.extra_names import tried_beside

    with tried_beside(Path(folder)):
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    return prepared_database(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def moment() -> Iterator[datetime]:
    """The clock stands at noon of 22 November 2026."""
    with frozen(NOON):
        yield NOON


@pytest.fixture
def settings(prepared: Path, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a home of this test's own; PostgreSQL where SOUQ_TEST_POSTGRES names a server."""
    from tests.support.application import test_settings

    with test_settings(prepared, tmp_path, os.environ) as made:
        yield made


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application in testing mode, inside its context."""
    application = build(settings)
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the application context, for reading and for factories inside transaction()."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's client."""
    return app.test_client()


@pytest.fixture
def people(app: Flask) -> Cast:
    """A cast of accounts of every kind, with clients signed in as them."""
    return Cast(app)
