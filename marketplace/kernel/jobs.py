"""The registry of jobs and the runner that works through the task table.

A task is claimed with a lease; a worker that dies lets the lease run out and the task is
done again by another. Failures back off and end as `dead` after `MAX_ATTEMPTS`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.uow import transaction

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
log = logging.getLogger(__name__)
Job = Callable[..., None]
_jobs: dict[str, Job] = {}


@dataclass(frozen=True)
class Periodic:
    """A job that runs once in every slot of ``every``; the slot is part of its dedupe key."""

    name: str
    every: timedelta


_periodic: list[Periodic] = []


def job(name: str, *, every: timedelta | None = None) -> Callable[[Job], Job]:
    """Register a function as job ``name``. It takes JSON values, opens its own transactions and may run twice."""

    def register(function: Job) -> Job:
        _jobs[name] = function
        if every is not None and all(slot.name != name for slot in _periodic):
            _periodic.append(Periodic(name, every))
        return function

    return register


def registered_jobs() -> tuple[str, ...]:
    """Names of all jobs, sorted."""
    return tuple(sorted(_jobs))


def enqueue_periodic(moment: datetime | None = None) -> int:
    """Queue every periodic job whose slot has begun; racing schedulers queue each once. Gives how many were new."""
    at = moment or now()
    count = 0
    for slot in _periodic:
        number = int(at.timestamp() // slot.every.total_seconds())
        key = f"{slot.name}:{number}"
        if db.session.scalar(select(Task.id).where(Task.dedupe_key == key)) is not None:
            continue
        try:
            with transaction() as session:
                count += enqueue(session, slot.name, dedupe_key=key) is not None
        except IntegrityError:
            log.info("jobs.slot_taken", extra={"job": slot.name})
    return count


def claim(batch: int = 10) -> list[int]:
    """Take up to ``batch`` due tasks (or tasks whose lease ran out); gives their keys."""
    moment = now()
    with transaction() as session:
        due = or_(
            (Task.state == TaskState.READY) & (Task.due_at <= moment),
            (Task.state == TaskState.RUNNING) & (Task.lease_until < moment),
        )
        query = select(Task.id).where(due).order_by(Task.due_at, Task.id).limit(batch).with_for_update(skip_locked=True)
        keys = list(session.scalars(query))
        if keys:
            session.execute(
                update(Task)
                .where(Task.id.in_(keys))
                .values(state=TaskState.RUNNING, lease_until=moment + LEASE, attempts=Task.attempts + 1)
            )
    return keys


def run_task(key: int) -> bool:
    """Do one claimed task; True if it succeeded. A failure is written down and tried again later."""
    task = db.session.get(Task, key, populate_existing=True)
    if task is None or task.state != TaskState.RUNNING:
        return False
    name, arguments, attempts = task.job, dict(task.arguments), task.attempts
    db.session.rollback()  # the job opens its own transactions
    try:
        function = _jobs.get(name)
        if function is None:
            raise LookupError(f"no job named {name}")
        function(**arguments)
    except Exception as failure:
        db.session.rollback()
        log.exception("jobs.failed", extra={"job": name, "task": key, "attempts": attempts})
        _finish_failed(key, attempts, failure)
        return False
    with transaction() as session:
        session.execute(
            update(Task)
            .where(Task.id == key)
            .values(state=TaskState.DONE, finished_at=now(), lease_until=None, error=None)
        )
    return True


def _finish_failed(key: int, attempts: int, failure: Exception) -> None:
    is_last = attempts >= MAX_ATTEMPTS
    values: dict[str, Any] = {
        # the class alone: a message may quote an address or a text of a person
        "error": type(failure).__name__,
        "lease_until": None,
        "state": TaskState.DEAD if is_last else TaskState.READY,
        "due_at": now() + timedelta(seconds=min(3600, 5 * 2**attempts)),
    }
    if is_last:
        values["finished_at"] = now()
    with transaction() as session:
        session.execute(update(Task).where(Task.id == key).values(**values))


def run_due(limit: int = 1000) -> int:
    """Do everything that is due now, at most ``limit`` tasks; gives how many were tried. Tests and `souq jobs run`."""
    done = 0
    while done < limit and (keys := claim(min(20, limit - done))):
        for key in keys:
            run_task(key)
            done += 1
    return done


def work(stop: threading.Event, idle_seconds: float = 0.5) -> None:
    """The worker's loop, until ``stop`` is set."""
    while not stop.is_set():
        try:
            enqueue_periodic()
            tried = run_due(limit=50)
        except Exception:
            db.session.rollback()
            log.exception("jobs.loop_failed")
            tried = 0
            stop.wait(2)
        finally:
            db.session.remove()
        if not tried:
            stop.wait(idle_seconds)
