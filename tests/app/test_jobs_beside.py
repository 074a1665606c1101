"""Long jobs are done in processes of their own: nothing waits behind them, and none is lost or done twice at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.kernel import jobs
from marketplace.kernel.clock import now
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.presence import Presence
from marketplace.kernel.uow import transaction
from tests.crash.site import ROOT
from tests.support import long_jobs  # registers the jobs

Start = Callable[..., subprocess.Popen[bytes]]
PATIENT = 120.0  # seconds in which a process is there, however busy the machine is
TOO_LONG = 600.0


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Iterator[Start]:
    """Begin workers on this test's database; what is left of them ends with the test."""
    begun: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "SOUQ_HOME": str(settings.home),
        "DATABASE_URL": settings.stores.database_url,
        "SECRET_KEY": "k" * 40,
    }

    def begin(*words: str) -> subprocess.Popen[bytes]:
        words = words or ("tests.support.long_jobs", "worker", str(tmp_path / "workers"))
        begun.append(subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment))
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def said(folder: Path, word: str) -> list[tuple[str, int]]:
    """Names and processes of what was begun, ended or done."""
    lines = [line.split() for line in (folder / "said").read_text().splitlines()] if (folder / "said").exists() else []
    assert "twice" not in [line[0] for line in lines]
    return [(line[1], int(line[2])) for line in lines if line[0] == word]


def until(is_so: Callable[[], object], seconds: float = PATIENT) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def state(session: Session, job: str = "test.long") -> list[tuple[str, int, datetime | None, str | None]]:
    session.rollback()
    query = select(Task.state, Task.attempts, Task.lease_until, Task.error).where(Task.job == job).order_by(Task.id)
    return [(row.state, row.attempts, row.lease_until, row.error) for row in session.execute(query)]


def queue(folder: Path, *names: str, seconds: float) -> None:
    with transaction() as session:
        for name in names:
            enqueue(session, "test.long", folder=str(folder), name=name, seconds=seconds)


def test_a_short_job_does_not_wait_and_a_worker_that_stops_gives_the_long_one_back(
    session: Session, start: Start, tmp_path: Path
) -> None:
    queue(tmp_path, "one", "two", seconds=TOO_LONG)
    worker = start()
    until(lambda: said(tmp_path, "begin"))
    with transaction() as inside:
        enqueue(inside, "test.short", folder=str(tmp_path))
    until(lambda: state(session, "test.short")[0][0] == TaskState.DONE)
    [(_name, child)] = said(tmp_path, "begin")  # one at a time
    assert said(tmp_path, "short") == [("x", worker.pid)]
    assert child != worker.pid
    assert [row[0] for row in state(session)] == [TaskState.RUNNING, TaskState.READY]
    told = time.monotonic()
    worker.terminate()
    assert worker.wait(PATIENT) == 0
    assert time.monotonic() - told < 20
    assert not is_alive(child)
    assert state(session) == [(TaskState.READY, 0, None, None)] * 2
    assert not said(tmp_path, "end")
    assert list((tmp_path / "workers").glob("*.lock")) == []


def test_a_killed_child_counts_as_failed_and_its_task_is_tried_again(
    session: Session, start: Start, tmp_path: Path
) -> None:
    queue(tmp_path, "one", seconds=5)
    worker = start()
    until(lambda: said(tmp_path, "begin"))
    os.kill(said(tmp_path, "begin")[0][1], signal.SIGKILL)
    until(lambda: state(session) == [(TaskState.READY, 1, None, "ChildProcessError")])
    assert worker.poll() is None
    with transaction() as inside:
        inside.execute(update(Task).values(due_at=now()))
    until(lambda: state(session) == [(TaskState.DONE, 2, None, None)])
    assert len(said(tmp_path, "begin")) == 2
    assert said(tmp_path, "end") == said(tmp_path, "begin")[1:]


def test_a_killed_worker_takes_its_child_along_and_the_task_is_taken_over(
    session: Session, start: Start, tmp_path: Path
) -> None:
    queue(tmp_path, "one", seconds=TOO_LONG)
    worker = start()
    until(lambda: said(tmp_path, "begin"))
    worker.kill()
    worker.wait()
    [(_name, first)] = said(tmp_path, "begin")
    until(lambda: not is_alive(first), 20)
    start()
    until(lambda: len(said(tmp_path, "begin")) == 2)  # nobody waits for the lease, and nobody is at it
    assert [row[:2] for row in state(session)] == [(TaskState.RUNNING, 2)]


def test_two_workers_do_every_long_task_once(session: Session, start: Start, tmp_path: Path) -> None:
    names = ["one", "two", "three", "four"]
    queue(tmp_path, *names, seconds=0.5)
    for _ in range(2):
        start()
    until(lambda: all(row[0] == TaskState.DONE for row in state(session)), 2 * PATIENT)
    assert sorted(name for name, _process in said(tmp_path, "begin")) == sorted(names)
    assert [row[1] for row in state(session)] == [1] * 4


def test_the_command_itself_rebuilds_the_index_beside_the_loop(session: Session, start: Start) -> None:
    with transaction() as inside:
        enqueue(inside, "console.rebuild_index")
    worker = start("marketplace.cli.main", "worker")
    until(lambda: state(session, "console.rebuild_index") == [(TaskState.DONE, 1, None, None)])
    worker.terminate()
    assert worker.wait(PATIENT) == 0


def test_long_tasks_are_claimed_apart_and_of_a_dead_workers_only_those_in_hand_count(
    session: Session, tmp_path: Path
) -> None:
    assert long_jobs.short is jobs._jobs["test.short"]
    with transaction() as inside:
        for name in ("test.short", "test.long", "test.prompt", "test.short", "test.long", "test.prompt"):
            enqueue(inside, name)
    dead = Presence(tmp_path)
    longs, shorts = jobs.claim(1, dead.name, lane=jobs.Lane.LONG), jobs.claim(20, dead.name, lane=jobs.Lane.COMMON)
    prompts = jobs.claim(20, dead.name, lane=jobs.Lane.PROMPT)
    assert (len(longs), len(shorts), len(prompts)) == (1, 2, 2)
    dead._file.close()  # as the system does when a process is killed
    assert jobs.take_over(tmp_path) == 5
    assert [row[1] for row in state(session)] == [1, 0]
    for name in ("test.short", "test.prompt"):
        assert [row[1] for row in state(session, name)] == [1, 0]


def test_a_prompt_task_waits_behind_nothing(session: Session, start: Start, tmp_path: Path) -> None:
    queue(tmp_path, "one", seconds=TOO_LONG)
    worker = start()
    until(lambda: said(tmp_path, "begin"))
    with transaction() as inside:
        enqueue(inside, "test.short", folder=str(tmp_path), seconds=TOO_LONG)
    until(lambda: said(tmp_path, "short"))
    with transaction() as inside:
        enqueue(inside, "test.prompt", folder=str(tmp_path))
    until(lambda: state(session, "test.prompt")[0][0] == TaskState.DONE)
    assert said(tmp_path, "prompt") == [("x", worker.pid)]
    assert not said(tmp_path, "shortly")
    assert not said(tmp_path, "end")


def test_a_task_that_waits_for_a_server_outside_holds_up_nothing(
    session: Session, start: Start, tmp_path: Path
) -> None:
    worker = start()
    with transaction() as inside:
        enqueue(inside, "test.outside", folder=str(tmp_path), seconds=TOO_LONG)
    until(lambda: said(tmp_path, "outside"))
    with transaction() as inside:
        for name in ("test.short", "test.prompt"):
            enqueue(inside, name, folder=str(tmp_path))
    until(lambda: state(session, "test.short")[0][0] == state(session, "test.prompt")[0][0] == TaskState.DONE)
    assert said(tmp_path, "outside") == [("x", worker.pid)]
    assert not said(tmp_path, "outsidely")


def test_a_prompt_task_is_finished_when_the_worker_stops_and_taken_over_where_it_cannot_be(
    session: Session, start: Start, tmp_path: Path
) -> None:
    with transaction() as inside:
        enqueue(inside, "test.prompt", folder=str(tmp_path), seconds=1.0)
    worker = start()
    until(lambda: said(tmp_path, "prompt"))
    worker.terminate()
    assert worker.wait(PATIENT) == 0
    assert [row[:2] for row in state(session, "test.prompt")] == [(TaskState.DONE, 1)]
    assert list((tmp_path / "workers").glob("*.lock")) == []
    with transaction() as inside:
        enqueue(inside, "test.prompt", folder=str(tmp_path), seconds=TOO_LONG)
    worker = start()
    until(lambda: len(said(tmp_path, "prompt")) == 2)
    told = time.monotonic()
    worker.terminate()
    assert worker.wait(PATIENT) == 0
    assert time.monotonic() - told < 30  # a server that does not answer keeps nobody
    assert jobs.take_over(tmp_path / "workers") == 1  # nobody waits for the lease
    assert state(session, "test.prompt")[1][:2] == (TaskState.READY, 1)


def test_a_look_for_what_is_due_sees_its_own_lane_alone(session: Session) -> None:
    with transaction() as inside:
        enqueue(inside, "test.short")
        enqueue(inside, "test.prompt", delay=jobs.LEASE)
    assert jobs.has_due(jobs.Lane.COMMON)
    assert not jobs.has_due(jobs.Lane.LONG)
    assert not jobs.has_due(jobs.Lane.PROMPT)
    with transaction() as inside:
        inside.execute(update(Task).values(due_at=now()))
    assert jobs.has_due(jobs.Lane.PROMPT)
    assert jobs.claim(20, lane=jobs.Lane.PROMPT) != jobs.claim(20, lane=jobs.Lane.COMMON)


def test_only_its_own_worker_renews_a_task(session: Session) -> None:
    with transaction() as inside:
        enqueue(inside, "test.long")
    [key] = jobs.claim(1, "a" * 16, lane=jobs.Lane.LONG)
    with transaction() as inside:
        inside.execute(update(Task).values(lease_until=now()))
    assert not jobs.renew(key, "b" * 16)
    assert jobs.renew(key, "a" * 16)
    lease = state(session)[0][2]
    assert lease is not None
    assert lease > now() + jobs.LEASE / 2
    jobs.give_back([key])
    assert not jobs.renew(key, "a" * 16)


def test_what_is_given_back_late_is_not_taken_from_who_has_it_by_now(session: Session) -> None:
    with transaction() as inside:
        enqueue(inside, "test.short")
    [key] = jobs.claim(1, "a" * 16)
    jobs.owe([key])  # the database went away, for longer than the lease
    with transaction() as inside:
        inside.execute(update(Task).values(lease_until=now() - jobs.LEASE))
    assert jobs.claim(1, "b" * 16) == [key]
    assert jobs.run_due(worker="a" * 16) == 0, "somebody is at it"
    session.rollback()
    assert session.get_one(Task, key).claimed_by == "b" * 16
