"""Forks of a prepared process: started again when they end, at once when they were killed, slower when they fail."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.cli.forks import Fork
from marketplace.cli.supervise import Child, end, supervise
from marketplace.kernel import jobs
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.presence import Presence
from marketplace.kernel.uow import transaction


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """`supervise` sets handlers; tests put them back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def refuse() -> None:
    raise click.ClickException("not like this")


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (lambda: None, 0),
        (lambda: sys.exit(78), 78),
        (lambda: sys.exit("words"), 1),
        (refuse, 1),
        (lambda: 1 / 0, 1),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), -9),
    ],
)
def test_a_fork_ends_with_the_code_of_its_work(run, code: int) -> None:
    assert Fork(run).wait(20) == code


def test_a_fork_that_works_on_is_waited_for_only_so_long() -> None:
    fork = Fork(lambda: time.sleep(60))
    assert fork.wait(0.1) is None
    fork.terminate()
    assert fork.wait(20) == -signal.SIGTERM


def child_that_ended(code: int, *, after: float) -> Child:
    child = Child("web", lambda: None)
    child.process = Fork(lambda: os._exit(code) if code >= 0 else os.kill(os.getpid(), -code))
    child.process.wait(20)
    child.started = time.monotonic() - after
    return child


def test_one_that_keeps_failing_waits_longer_each_time() -> None:
    child = child_that_ended(1, after=0)
    assert [child.pause() for _ in range(8)] == [0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0, 10.0]
    child.started -= 60
    assert child.pause() == 0.0


def test_one_that_is_killed_again_and_again_never_waits_long() -> None:
    child = child_that_ended(-9, after=0)
    assert [child.pause() for _ in range(20)] == [0.2] * 20


def test_t18_of_a_killed_workers_tasks_only_the_one_in_hand_counts_as_tried(app: Flask, tmp_path: Path) -> None:
    """Whatever is claimed beside a deadly task waits for its turn for ever, not for eight deaths."""
    with transaction() as session:
        session.add_all(
            Task(job="test.nothing", arguments={}, state=TaskState.READY, due_at=now(), created_at=now(), attempts=0)
            for _ in range(3)
        )
    for death in range(1, 12):
        worker = Fork(lambda: _claim_and_die(tmp_path))
        assert worker.wait(30) == -signal.SIGKILL
        db.session.rollback()  # ends what was read before
        assert jobs.take_over(tmp_path) == 3
        assert list(db.session.scalars(select(Task.attempts).order_by(Task.id))) == [death, 0, 0]


def _claim_and_die(folder: Path) -> None:
    db.engine.dispose(close=False)  # the parent's connections stay the parent's
    jobs.claim(3, Presence(folder).name)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_child_is_back_and_all_end_together() -> None:
    reading, writing = os.pipe()

    def live() -> None:
        os.write(writing, b"%d\n" % os.getpid())
        time.sleep(60)

    def watch() -> None:
        family = [Child("web", live)]
        supervise(family, lambda _words: None)
        assert family[0].has_ended

    supervisor = Fork(watch)
    os.close(writing)
    with os.fdopen(reading) as lines:
        first = int(lines.readline())
        os.kill(first, signal.SIGKILL)
        second = int(lines.readline())
        assert second != first
        supervisor.terminate()
        assert supervisor.wait(20) == 0
        assert lines.read() == "", "nothing is left that holds the pipe"


def test_one_that_does_not_stop_is_stopped_with_its_own_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.cli.supervise.GRACE_SECONDS", 0.3)
    reading, writing = os.pipe()

    def deaf() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if os.fork():
            os.write(writing, b"ready\n")
        time.sleep(60)

    child = Child("worker", deaf)
    child.start()
    os.close(writing)
    with os.fdopen(reading) as lines:
        assert lines.readline() == "ready\n"
        end([child])
        assert lines.read() == ""
    assert child.process is not None
    assert child.process.poll() == -signal.SIGKILL
