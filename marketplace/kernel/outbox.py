"""Queued work as a table of the business database: it is there exactly when its cause committed.

Tasks with a dedupe key are written when the transaction is about to commit, in the order of their keys: two
transactions that take the same two keys in different orders would wait for each other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kernel.clock import now
from marketplace.kernel.database import Key, Model, Text40, Text80, Text200
from marketplace.kernel.inserting import write_values


class TaskState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


# of what runs alone: a task that waits has no lease, and its row is written without it
_HAS_LEASE = text("lease_until IS NOT NULL")
_LEASES = Index("ix_task_lease", "state", "lease_until", sqlite_where=_HAS_LEASE, postgresql_where=_HAS_LEASE)


class Task(Model):
    """One piece of work to do after the commit; delivery is at least once, so jobs are safe to run twice."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_due", "state", "due_at"), _LEASES)

    id: Mapped[Key]
    job: Mapped[Text80]
    arguments: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=TaskState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    claimed_by: Mapped[Text40 | None]  # the worker's sign, see `kernel.presence`
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[Text200 | None]


# in a session's info while a transaction is open: tasks by dedupe key, to be written at its end
QUEUED = "souq_queued_tasks"
_AT_ONCE = 4  # tasks written by one statement; an action rarely queues more


def enqueue(
    session: Session,
    job: str,
    *,
    dedupe_key: str | None = None,
    delay: timedelta = timedelta(0),
    **arguments: Any,
) -> Task | None:
    """Queue ``job`` with JSON ``arguments`` in this transaction.

    A ``dedupe_key`` that was ever used queues nothing. Whether it was is known at the end of the transaction only, so
    None is given; who has to know it at once asks `enqueue_at_once`.
    """
    values = _values(job, dedupe_key, delay, arguments)
    if dedupe_key is None:
        task = Task(**values)
        session.add(task)
        return task
    queued: dict[str, dict[str, Any]] | None = session.info.get(QUEUED)
    if queued is None:  # the transaction is about to commit already
        _write(session, values)
    else:
        queued.setdefault(dedupe_key, values)
    return None


def enqueue_at_once(session: Session, job: str, *, dedupe_key: str, **arguments: Any) -> bool:
    """Queue ``job`` under a key now; False where that was ever used. For actions that take no second key."""
    queued = session.info.get(QUEUED) or {}
    return dedupe_key not in queued and _write(session, _values(job, dedupe_key, timedelta(0), arguments))


def write_queued(session: Session) -> None:
    """Write what waits for the end of the transaction. Short keys first, so that numbers in them keep their order."""
    queued: dict[str, dict[str, Any]] = session.info.pop(QUEUED, {})
    keys = sorted(queued, key=lambda one: (len(one), one))
    for first in range(0, len(keys), _AT_ONCE):
        rows = [queued[key] for key in keys[first : first + _AT_ONCE]]
        write_values(session, Task, rows, unless_taken=("dedupe_key",))


def _values(job: str, dedupe_key: str | None, delay: timedelta, arguments: dict[str, Any]) -> dict[str, Any]:
    moment = now()
    return {
        "job": job,
        "arguments": arguments,
        "dedupe_key": dedupe_key,
        "state": TaskState.READY,
        "attempts": 0,
        "due_at": moment + delay,
        "created_at": moment,
    }


def _write(session: Session, values: dict[str, Any]) -> bool:
    return bool(write_values(session, Task, [values], unless_taken=("dedupe_key",)))
