"""T20: while somebody else writes into the SQLite file, every page is shown in time; who writes waits, and is told."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from config.settings import Settings
from marketplace.accounts.models import SessionRow
from marketplace.cli.worker import do_one
from marketplace.kernel import jobs, lines
from marketplace.kernel.absence import briefly, is_away
from marketplace.kernel.beside import DATABASE_AWAY, Beside
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.database import db
from marketplace.kernel.jobs import AWAY_REST, Lane, claim, job, run_due
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.presence import Presence
from marketplace.kernel.uow import transaction
from tests.support.busy import weighed
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry
from tests.support.people import Cast, guards

PATIENCE = 1.5
pytestmark = pytest.mark.usefixtures("app")


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Another process holds the file's one place for a writer."""
    if not settings.stores.is_sqlite:
        pytest.skip("SQLite lets one transaction write at a time")
    with closing(sqlite3.connect(settings.home / "souq.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def is_brief_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes waits for a third of a second instead of thirty."""
    monkeypatch.setattr(lines, "is_brief", lambda: True)


def test_t20_every_page_of_everybody_comes_in_time(app: Flask, people: Cast, settings: Settings) -> None:
    seller, buyer = people.seller(), people.buyer()
    product = a_listed_product(seller)
    rfq = an_inquiry(buyer, product)
    an_answer(seller, rfq)
    pages = [
        (app.test_client(), f"/products/{product.slug}"),
        (app.test_client(), "/products"),
        (seller.client, "/leads"),
    ]
    pages += [(buyer.client, f"/requests/{rfq.key}"), (buyer.client, "/requests"), (buyer.client, "/account/sessions")]
    with frozen(now() + timedelta(hours=3)), locked(settings):  # so long after, each would write down who was seen
        for client, path in pages:
            began = time.thread_time(), time.monotonic()
            assert client.get(path).status_code == 200, path
            waited = time.monotonic() - began[1] - (time.thread_time() - began[0])
            assert waited <= weighed(PATIENCE), path
        unseen = db.session.scalars(select(SessionRow.last_seen_at)).all()
        db.session.rollback()
        assert max(unseen) < now() - timedelta(hours=2)
    with frozen(now() + timedelta(hours=3)):
        assert buyer.client.get("/requests").status_code == 200
        assert max(db.session.scalars(select(SessionRow.last_seen_at))) > now() - timedelta(minutes=1)


@pytest.mark.usefixtures("is_brief_everywhere")
def test_a_write_that_waited_in_vain_is_refused_kindly_and_changes_nothing(people: Cast, settings: Settings) -> None:
    buyer = people.buyer()
    sent = guards(buyer.client, "/account/sessions")
    with locked(settings):
        answer = buyer.client.post("/account/sessions/end-others", data=sent)
        assert answer.status_code == 503
        assert "catching its breath" in answer.text
        assert answer.headers["Retry-After"] == "5"
    assert buyer.client.post("/account/sessions/end-others", data=sent).status_code == 303


@pytest.mark.usefixtures("is_brief_everywhere")
def test_a_job_that_finds_it_locked_waits_and_no_try_is_counted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    @job("test.locked")
    def _write(number: int) -> None:
        with transaction():
            done.append(number)

    @job("test.locking")
    def _meanwhile() -> None:
        with locked(settings):
            _write(1)

    monkeypatch.setattr(jobs, "_periodic", [])
    try:
        with transaction() as session:
            enqueue(session, "test.locking")
        assert run_due() == 1
        task = db.session.scalars(select(Task).where(Task.job == "test.locking")).one()
        assert (task.state, task.attempts, task.error, done) == (TaskState.READY, 0, None, [])
        assert task.due_at - now() <= AWAY_REST
        db.session.rollback()
    finally:
        jobs._jobs.pop("test.locked")
        jobs._jobs.pop("test.locking")


@pytest.fixture
def long_task(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The key of a long task that writes, waiting; nothing else is due."""
    monkeypatch.setattr(jobs, "_periodic", [])

    @job("test.locked", is_long=True)
    def _write() -> None:
        with transaction():
            pass

    with transaction() as session:
        enqueue(session, "test.locked")
    yield db.session.scalars(select(Task.id).where(Task.job == "test.locked")).one()
    jobs._jobs.pop("test.locked")
    jobs._lanes.pop("test.locked")


@pytest.mark.usefixtures("is_brief_everywhere")
def test_a_child_that_cannot_even_give_its_task_back_says_so(settings: Settings, long_task: int) -> None:
    assert claim(1, "a" * 16, lane=Lane.LONG) == [long_task]
    before = {number: signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT)}
    try:
        with locked(settings), pytest.raises(SystemExit) as end:
            do_one(long_task)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert end.value.code == DATABASE_AWAY


def test_its_parent_gives_it_back_and_counts_no_try(long_task: int, tmp_path: Path) -> None:
    db.session.rollback()
    presence, stop = Presence(tmp_path / "workers"), threading.Event()
    for code, attempts, error in ((DATABASE_AWAY, 0, None), (1, 1, "ChildProcessError")):
        beside = Beside(stop, presence, lambda _key, code=code: ["sh", "-c", f"exit {code}"])
        beside.begin_next()
        beside.end()
        db.session.rollback()
        task = db.session.get_one(Task, long_task, populate_existing=True)
        assert (task.state, task.attempts, task.error) == (TaskState.READY, attempts, error)
    presence.leave()


def test_only_what_is_away_counts_as_away(settings: Settings) -> None:
    with pytest.raises(DatabaseError) as wrong:
        db.session.execute(text("SELECT nothing FROM nowhere"))
    db.session.rollback()
    assert not is_away(wrong.value)
    assert not is_away(ValueError())
    assert not is_away(None)
    assert is_away(NoConnection("none is free"))
    with locked(settings), pytest.raises(OperationalError) as found, briefly(), transaction():
        pass
    assert is_away(found.value)
    with pytest.raises(RuntimeError) as told:
        raise RuntimeError("of a job") from found.value
    assert is_away(told.value)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("57P01", True),
        ("57P03", True),
        ("53300", True),
        ("08006", True),
        (None, True),
        ("40P01", False),
        ("23505", False),
    ],
)
def test_what_postgresql_says_of_itself(state: str | None, expected: bool) -> None:
    psycopg = pytest.importorskip("psycopg")
    failure = psycopg.OperationalError("said")
    failure.sqlstate = state
    assert is_away(OperationalError("SELECT 1", {}, failure)) is expected
