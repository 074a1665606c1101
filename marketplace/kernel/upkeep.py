"""What the database needs now and then: figures for its planner, no endless list of work that is
done, and no files that nobody knows of."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import delete

from marketplace.kernel.clock import now
from marketplace.kernel.database import db
from marketplace.kernel.jobs import job
from marketplace.kernel.leftovers import remove_leftovers
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.uow import transaction

log = logging.getLogger(__name__)
KEPT = timedelta(days=30)


@job("kernel.upkeep", every=timedelta(hours=6))
def upkeep() -> None:
    """Forget tasks that were done a month ago and refresh the planner's figures."""
    with transaction() as session:
        session.execute(delete(Task).where(Task.state == TaskState.DONE, Task.finished_at < now() - KEPT))
    refresh_statistics()


@job("kernel.leftovers", every=timedelta(days=1), is_long=True)
def leftovers() -> None:
    """Delete files that were stored by someone who never came to write the row."""
    removed = remove_leftovers()
    if removed:
        log.info("leftovers.removed", extra={"files": removed})


def refresh_statistics() -> None:
    """Count SQLite's indexes by samples, so that it does not walk all listed products to find six; PostgreSQL does so
    by itself."""
    if db.engine.dialect.name != "sqlite":
        return
    with transaction() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA analysis_limit=400")
        connection.exec_driver_sql("ANALYZE")
