"""The scaled set: PostgreSQL, Redis, Elasticsearch and S3 together, with the sample marketplace on them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config.settings import Settings
from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.rules import VerificationLevel
from marketplace.accounts.services.sessions import open_session
from marketplace.app import create_app
from marketplace.kernel.database import db
from marketplace.kernel.policy import OrganisationKind
from marketplace.kernel.uow import transaction
from tests.support.application import build, postgres_database

ROOT = Path(__file__).parent.parent.parent
BUCKET = "souq-tests"


def named(variable: str) -> str:
    """The address in an environment variable; a scaled test without its server fails rather than passes."""
    address = os.environ.get(variable, "")
    if not address:
        pytest.fail(f"{variable} must name a server; .ci/run starts them all", pytrace=False)
    return address


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Deployment:
    """One home with its settings, as a process would see them."""

    env: dict[str, str]

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.env)

    def souq(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A finished `souq` command."""
        return subprocess.run(
            [sys.executable, "-m", "marketplace.cli.main", *words],
            cwd=ROOT,
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def application(self, **more: str) -> Iterator[Flask]:
        """The application in testing mode, inside its context."""
        app = build(Settings.from_env({**self.env, **more}))
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()

    def cookie(self, kind: OrganisationKind, slug: str = "") -> str:
        """A session cookie of the first member of an organisation of this kind, or of the one named."""
        app = create_app(self.settings)
        with app.app_context():
            query = (
                select(User)
                .join(Membership, Membership.user_id == User.id)
                .join(Organisation, Organisation.id == Membership.organisation_id)
                .where(Organisation.kind == kind, Organisation.suspended_at.is_(None))
                .where(Organisation.verification_level == VerificationLevel.VERIFIED)
                .order_by(User.id)
            )
            if slug:
                query = query.where(Organisation.slug == slug)
            with transaction() as session:
                token = open_session(session, session.scalars(query.limit(1)).one(), "scaled test")
            signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # our sessions have it
            value: str = signer.dumps({"_user_id": token, "_fresh": True})
            db.session.remove()
            db.engine.dispose()
        return f"souq={value}"


@pytest.fixture(scope="session")
def bucket() -> Iterator[dict[str, str]]:
    """An S3 bucket on loopback; gives the environment that reaches it."""
    from moto.server import ThreadedMotoServer

    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{port}"
    made = urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT")
    urllib.request.urlopen(made).close()
    env = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
    }
    before = {name: os.environ.get(name) for name in env}
    os.environ.update(env)  # the client library reads the process's own
    yield env
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    server.stop()


@pytest.fixture(scope="session")
def deployment(bucket: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The sample marketplace on all four servers, loaded by the command that operators use."""
    index = f"scaled_{uuid.uuid4().hex[:10]}"
    elastic = named("SOUQ_TEST_ELASTIC")
    with postgres_database(named("SOUQ_TEST_POSTGRES")) as database:
        made = Deployment(
            {
                "SOUQ_HOME": str(tmp_path_factory.mktemp("scaled")),
                "SECRET_KEY": "scaled-tests-" + "k" * 40,
                "DATABASE_URL": database,
                "SEARCH_URL": f"{elastic}/{index}",
                "REDIS_URL": named("SOUQ_TEST_REDIS_URL"),
                "STORAGE_URL": f"s3://{BUCKET}/files",
                **bucket,
            }
        )
        loaded = made.souq("demo", "load")
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        yield made
        with made.application():
            from marketplace.discovery.engine import engine

            engine().drop()  # type: ignore[attr-defined]  # the engine on Elasticsearch has it
