"""A worker that is told to stop ends within seconds, whatever it is doing, and loses nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.cli import worker
from marketplace.kernel import jobs
from marketplace.kernel.audit import AuditEntry, audit
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.uow import transaction

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Signals are put back, patience is short, no periodic job comes between."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    monkeypatch.setattr(worker, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(jobs, "_periodic", [])
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in before.items():
        signal.signal(number, handler)


def _tell_when(begun: threading.Event) -> threading.Thread:
    def tell() -> None:
        begun.wait(20)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=tell)
    thread.start()
    return thread


def _state(session: Session, name: str) -> list[tuple[str, int, datetime | None]]:
    session.rollback()
    rows = session.execute(
        select(Task.state, Task.attempts, Task.lease_until).where(Task.job == name).order_by(Task.id)
    )
    return [(state, attempts, lease) for state, attempts, lease in rows]


@pytest.mark.usefixtures("told")
def test_a_long_job_is_given_back_with_what_waits_behind_it(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = threading.Event()

    def long() -> None:
        with transaction() as inside:
            audit(inside, None, "half.done", "thing:1")
            inside.flush()
            begun.set()
            for _ in range(600):
                time.sleep(0.05)

    monkeypatch.setitem(jobs._jobs, "long", long)
    with transaction() as inside:
        enqueue(inside, "long")
        enqueue(inside, "long")
    teller = _tell_when(begun)
    started = time.monotonic()
    worker.work_until_told(tmp_path / "workers")
    teller.join()
    assert time.monotonic() - started < 15  # of thirty seconds that the job would have taken
    assert _state(session, "long") == [(TaskState.READY, 0, None)] * 2
    assert session.scalar(select(AuditEntry.id).where(AuditEntry.action == "half.done")) is None
    assert list((tmp_path / "workers").glob("*.lock")) == []


@pytest.mark.usefixtures("told")
def test_a_short_job_is_finished(session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    begun, done = threading.Event(), []

    def short() -> None:
        begun.set()
        time.sleep(0.05)
        done.append(1)

    monkeypatch.setitem(jobs._jobs, "short", short)
    with transaction() as inside:
        enqueue(inside, "short")
    teller = _tell_when(begun)
    worker.work_until_told(tmp_path / "workers")
    teller.join()
    assert done == [1]
    assert [state for state, _attempts, _lease in _state(session, "short")] == [TaskState.DONE]
