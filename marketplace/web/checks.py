"""Checks of what the site needs, each named; used by /readyz and `souq doctor`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.outside import settings, storage

LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_fine: bool
    detail: str


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Exception as failure:
        db.session.rollback()
        return Check(name, False, f"{type(failure).__name__}: {str(failure)[:120]}")


def database() -> Check:
    """The database answers, and its schema is the newest."""

    def look() -> str:
        from alembic.runtime.migration import MigrationContext
        from alembic.script import ScriptDirectory

        from marketplace.kernel.places import migrations_folder

        current = MigrationContext.configure(db.session.connection()).get_current_heads()
        newest = ScriptDirectory(str(migrations_folder())).get_heads()
        if set(current) != set(newest):
            raise RuntimeError("the schema is not up to date; run souq db upgrade")
        return f"{db.engine.dialect.name}, schema {', '.join(current)}"

    return _checked("database", look)


def queue() -> Check:
    """No task waits for longer than ten minutes."""

    def look() -> str:
        late = db.session.scalar(select(func.count()).where(Task.state == TaskState.READY, Task.due_at < now() - LATE))
        dead = db.session.scalar(select(func.count()).where(Task.state == TaskState.DEAD))
        if late:
            raise RuntimeError(f"{late} tasks wait for more than ten minutes; is the worker running")
        return f"{dead} dead" if dead else "in time"

    return _checked("queue", look)


def search() -> Check:
    """The search engine answers."""

    def look() -> str:
        from marketplace.discovery.engine import engine

        health = engine().health()
        if not health.is_ready:
            raise RuntimeError(health.detail)
        return f"{health.documents} documents" if health.is_current else "needs souq search rebuild"

    return _checked("search", look)


def files() -> Check:
    """The storage takes and gives a file."""

    def look() -> str:
        storage().put("check/doctor.txt", b"ok")
        if storage().get("check/doctor.txt") != b"ok":
            raise RuntimeError("the storage gave back something else")
        storage().delete("check/doctor.txt")
        return settings().stores.storage_url.partition("://")[0]

    return _checked("storage", look)


def redis() -> Check:
    """Redis answers, where one is set; without it limits and cache live in the process and the database."""

    def look() -> str:
        url = settings().stores.redis_url
        if not url:
            return "not used"
        from redis import Redis

        Redis.from_url(url, socket_timeout=1).ping()
        return "answers"

    return _checked("redis", look)


def ready_checks() -> list[Check]:
    """What a load balancer should know: database, search, queue."""
    return [database(), search(), queue()]


def all_checks() -> list[Check]:
    """Everything, for an operator."""
    return [database(), search(), queue(), files(), redis()]
