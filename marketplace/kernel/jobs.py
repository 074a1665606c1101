"""The registry of jobs and the runner that works through the task table.

A task is claimed with a lease. What a worker had claimed when it died is taken over at once by a
worker of the same home, elsewhere when the lease runs out. Failures back off and end as `dead`
after `MAX_ATTEMPTS`. The worker's own loop is in `working`: it does long and prompt jobs beside itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.kernel.absence import is_away
from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.fullness import is_disk_full
from marketplace.kernel.outbox import Task, TaskState, enqueue_at_once
from marketplace.kernel.presence import clear, has_died, signs
from marketplace.kernel.uow import transaction

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
FULL_REST = timedelta(minutes=1)
AWAY_REST = timedelta(seconds=2)
log = logging.getLogger(__name__)
Job = Callable[..., None]
_jobs: dict[str, Job] = {}


class Lane(StrEnum):
    """A worker goes through its lanes side by side; in one, a task waits for those before it."""

    PROMPT = "prompt"
    COMMON = "common"
    LONG = "long"
    OUTSIDE = "outside"


_lanes: dict[str, Lane] = {}  # of jobs that are not common
# see `owe`; and lanes of workers that were claiming when the database went away: nobody knows what they have claimed
_owed: set[int] = set()
_in_doubt: set[tuple[str, Lane | None]] = set()
_owing = threading.Lock()


class Interrupted(BaseException):
    """The worker was told to stop and has waited long enough for the job at hand; it is done again from its begin."""


class Postponed(Exception):
    """A job says that something it needs is not there now: it begins again after ``delay``, and no try is counted."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(delay)
        self.delay = delay


@dataclass(frozen=True)
class Periodic:
    """A job that runs once in every slot of ``every``; the slot is part of its dedupe key."""

    name: str
    every: timedelta


_periodic: list[Periodic] = []


def job(
    name: str,
    *,
    every: timedelta | None = None,
    is_long: bool = False,
    is_prompt: bool = False,
    is_outside: bool = False,
) -> Callable[[Job], Job]:
    """Register a function as job ``name``. It takes JSON values, opens its own transactions and may run twice.

    ``is_long`` says that it can take more than some seconds where there is much: no other task shall wait behind it.
    ``is_prompt`` says that somebody looks for what it does within a second: it shall wait behind no other.
    ``is_outside`` says that it waits for a server that nobody here knows: no other task shall wait behind that.
    """

    def register(function: Job) -> Job:
        _jobs[name] = function
        _lanes.pop(name, None)
        if is_long or is_prompt or is_outside:
            _lanes[name] = Lane.LONG if is_long else Lane.PROMPT if is_prompt else Lane.OUTSIDE
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
    return sum(enqueue_in_slot(slot.name, slot.every, at) for slot in _periodic)


def enqueue_in_slot(name: str, every: timedelta, moment: datetime | None = None) -> bool:
    """Queue a job unless it was queued since its slot of time began; tells whether it was queued now."""
    number = int((moment or now()).timestamp() // every.total_seconds())
    key = f"{name}:{number}"
    if db.session.scalar(select(Task.id).where(Task.dedupe_key == key)) is not None:
        return False
    try:
        with transaction() as session:
            return enqueue_at_once(session, name, dedupe_key=key)
    except IntegrityError:
        log.info("jobs.slot_taken", extra={"job": name})
        return False


def has_due(lane: Lane) -> bool:
    """Whether a task of a lane is due: a look that locks nothing, cheap enough for ten times a second."""
    found = db.session.scalar(select(Task.id).where(_is_due(now()), _is_in(lane)).limit(1)) is not None
    db.session.rollback()
    return found


def _is_due(moment: datetime) -> ColumnElement[bool]:
    return or_(
        (Task.state == TaskState.READY) & (Task.due_at <= moment),
        (Task.state == TaskState.RUNNING) & (Task.lease_until < moment),
    )


def _is_in(lane: Lane) -> ColumnElement[bool]:
    if lane is Lane.COMMON:
        return Task.job.not_in(list(_lanes))
    return Task.job.in_([name for name, each in _lanes.items() if each is lane])


def claim(batch: int = 10, worker: str | None = None, *, lane: Lane | None = None) -> list[int]:
    """Take up to ``batch`` due tasks (or tasks whose lease ran out), of one lane or of all; gives their keys."""
    moment = now()
    with transaction() as session:
        query = select(Task.id).where(_is_due(moment)).order_by(Task.due_at, Task.id)
        query = query.limit(batch).with_for_update(skip_locked=True)
        if lane is not None:
            query = query.where(_is_in(lane))
        keys = list(session.scalars(query))
        if keys:
            session.execute(
                update(Task)
                .where(Task.id.in_(keys))
                .values(
                    state=TaskState.RUNNING,
                    lease_until=moment + LEASE,
                    claimed_by=worker,
                    attempts=Task.attempts + 1,
                )
            )
    return keys


def run_task(key: int) -> bool:
    """Do one claimed task; True if it succeeded. A failure is written down and tried again later."""
    task = db.session.get(Task, key, populate_existing=True)
    if task is None or task.state != TaskState.RUNNING:
        return False
    name, arguments, attempts = task.job, dict(task.arguments), task.attempts
    db.session.rollback()  # the job opens its own transactions
    if attempts > MAX_ATTEMPTS:  # it never came to an end of its own: whoever tries it dies
        finish_failed(key, attempts, ChildProcessError())
        return False
    try:
        function = _jobs.get(name)
        if function is None:
            raise LookupError(f"no job named {name}")
        function(**arguments)
    except Postponed as wait:
        db.session.rollback()
        log.info("jobs.postponed", extra={"job": name, "task": key})
        give_back([key], wait.delay)
        return False
    except Exception as failure:
        db.session.rollback()
        if is_disk_full(failure):  # no fault of the task: it waits for room
            log.error("jobs.disk_full", extra={"job": name, "task": key})
            give_back([key], FULL_REST)
            return False
        if is_away(failure):  # nor is this
            log.error("jobs.database_away", extra={"job": name, "task": key})
            give_back([key], AWAY_REST)
            return False
        log.exception("jobs.failed", extra={"job": name, "task": key, "attempts": attempts})
        finish_failed(key, attempts, failure)
        return False
    with transaction() as session:
        session.execute(
            update(Task)
            .where(Task.id == key)
            .values(state=TaskState.DONE, finished_at=now(), lease_until=None, error=None)
        )
    return True


def finish_failed(key: int, attempts: int, failure: Exception) -> None:
    """Write down that a claimed task failed: it is tried again later, or dead after its last attempt."""
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


def run_due(
    limit: int = 1000, stop: threading.Event | None = None, worker: str | None = None, *, lane: Lane | None = None
) -> int:
    """Do everything that is due now, at most ``limit`` tasks; gives how many were tried. Tests and `souq jobs run`.

    When ``stop`` is set, the task at hand is finished, unless it is `Interrupted`, and claimed ones are given back.
    ``lane`` is that of `claim`.
    """
    done = 0
    _give_back_owed(worker, lane)
    while done < limit and (keys := _claimed(min(20, limit - done), worker, lane)):
        for place, key in enumerate(keys):
            if stop is not None and stop.is_set():
                give_back(keys[place:])
                return done
            try:
                run_task(key)
            except Interrupted:
                db.session.remove()  # whatever it was about to write is rolled back
                give_back(keys[place:])
                log.info("jobs.interrupted", extra={"task": key})
                return done
            except Exception as failure:
                if is_disk_full(failure) or is_away(failure):
                    owe(keys[place:])
                raise
            done += 1
    return done


def _claimed(batch: int, worker: str | None, lane: Lane | None) -> list[int]:
    try:
        return claim(batch, worker, lane=lane)
    except Exception as failure:
        if worker is not None and is_away(failure):  # perhaps they are claimed, and only the answer was lost
            _in_doubt.add((worker, lane))
        raise


def _give_back_owed(worker: str | None, lane: Lane | None) -> None:
    """Whoever begins to work through a lane has nothing of it at hand: what still counts as theirs waits again."""
    with _owing:  # of two threads, one gives them back: the other might take from a third what it has begun since
        owed = set(_owed)
        _owed.clear()
        try:
            if worker is not None and (worker, lane) in _in_doubt:
                mine = (Task.state == TaskState.RUNNING) & (Task.claimed_by == worker)
                query = select(Task.id).where(mine) if lane is None else select(Task.id).where(mine, _is_in(lane))
                owed.update(db.session.scalars(query))
            if owed:
                give_back(list(owed), only=Task.claimed_by == worker)  # the lease of some may have run out meanwhile
        except BaseException:
            _owed.update(owed)
            raise
        _in_doubt.discard((worker or "", lane))


def give_back(keys: list[int], delay: timedelta | None = None, *, only: ColumnElement[bool] | None = None) -> None:
    """Tasks that were claimed and not begun wait for nobody's lease, but for ``delay`` if there is one; of ``keys``
    ``only`` those of which this is true."""
    values: dict[str, Any] = {"state": TaskState.READY, "lease_until": None, "attempts": Task.attempts - 1}
    if delay is not None:
        values["due_at"] = now() + delay
    with transaction() as session:
        theirs = update(Task).where(Task.id.in_(keys), Task.state == TaskState.RUNNING)
        session.execute((theirs if only is None else theirs.where(only)).values(**values))


def owe(keys: list[int]) -> None:
    """Tasks of this process that a full disk, or a database that is away, keeps from being given back: it is done
    before the next are claimed."""
    _owed.update(keys)


def take_over(folder: Path, worker: str | None = None) -> int:
    """Queue again what workers of this home had claimed when they died; gives how many tasks.

    Only the tasks in hand count as tried, the long one and the first of each other lane, so that nothing is given up
    for the death of its neighbours.
    """
    claimed = select(Task.claimed_by).where(Task.state == TaskState.RUNNING, Task.claimed_by.is_not(None)).distinct()
    others = [name for name in db.session.scalars(claimed) if name and name != worker]
    count = 0
    for name in others:
        if not has_died(folder, name):
            continue
        values = {"state": TaskState.READY, "lease_until": None, "claimed_by": None}
        with transaction() as session:
            query = select(Task.id, Task.job).where(Task.state == TaskState.RUNNING, Task.claimed_by == name)
            left = session.execute(query.order_by(Task.due_at, Task.id).with_for_update()).all()
            session.execute(update(Task).where(Task.id.in_([key for key, _job in left])).values(**values))
            # they are worked through in this order (see `claim`): only the first of a lane can have been begun
            lanes = [(key, _lanes.get(job_name, Lane.COMMON)) for key, job_name in left]
            sides = (Lane.COMMON, Lane.PROMPT, Lane.OUTSIDE)
            waited = [key for lane in sides for key in [k for k, own in lanes if own is lane][1:]]
            session.execute(update(Task).where(Task.id.in_(waited)).values(attempts=Task.attempts - 1))
            count += len(left)
        clear(folder, name)
        log.warning("jobs.taken_over", extra={"tasks": count})
    return count


def renew(key: int, worker: str) -> bool:
    """Claim a task that ``worker`` is still at for another `LEASE`; False where it no longer is that worker's."""
    mine = (Task.id == key) & (Task.state == TaskState.RUNNING) & (Task.claimed_by == worker)
    with transaction() as session:
        done = session.execute(update(Task).where(mine).values(lease_until=now() + LEASE))
    return bool(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE has it


def sweep(folder: Path, worker: str) -> None:
    """Remove the signs of workers that died with nothing in hand."""
    take_over(folder, worker)
    for name in signs(folder):
        if name != worker and has_died(folder, name):
            clear(folder, name)
