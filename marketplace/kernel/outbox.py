"""Queued work as a table of the business database: it is there exactly when its cause committed."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kernel.clock import now
from marketplace.kernel.database import Key, Model, Text40, Text80, Text200
from marketplace.kernel.inserting import made, write


class TaskState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Task(Model):
    """One piece of work to do after the commit; delivery is at least once, so jobs are safe to run twice."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_due", "state", "due_at"), Index("ix_task_lease", "state", "lease_until"))

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


def enqueue(
    session: Session,
    job: str,
    *,
    dedupe_key: str | None = None,
    delay: timedelta = timedelta(0),
    **arguments: Any,
) -> Task | None:
    """Queue ``job`` with JSON ``arguments`` in this transaction.

    A ``dedupe_key`` that was ever used queues nothing and gives None.
    """
    moment = now()
    values: dict[str, Any] = {
        "job": job,
        "arguments": arguments,
        "dedupe_key": dedupe_key,
        "state": TaskState.READY,
        "attempts": 0,
        "due_at": moment + delay,
        "created_at": moment,
    }
    if dedupe_key is None:
        task = Task(**values)
        session.add(task)
        return task
    task = made(Task, **values)
    return task if write(session, task, unless_taken=("dedupe_key",)) else None
