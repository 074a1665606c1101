"""Tasks with a name of their own are written at the end of a transaction and in one order: none waits for another."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from marketplace.kernel.database import db
from marketplace.kernel.outbox import Task, enqueue
from marketplace.kernel.uow import transaction
from tests.support.racing import all_at_once

pytestmark = pytest.mark.usefixtures("app", "moment")


def names(session: Session) -> list[str | None]:
    """Names of the tasks, in the order in which they were written."""
    found = list(session.scalars(select(Task.dedupe_key).where(Task.job == "demo").order_by(Task.id)))
    session.rollback()
    return found


def test_tasks_are_written_in_the_order_of_their_names(session: Session) -> None:
    with transaction() as inside:
        for name in ("notice:10", "b", "notice:9", "a", "b"):
            enqueue(inside, "demo", dedupe_key=name)
        assert inside.scalar(select(Task.id).where(Task.job == "demo")) is None, "before the end nothing is locked"
    assert names(session) == ["a", "b", "notice:9", "notice:10"]


def test_what_is_queued_while_a_transaction_commits_is_written_too(session: Session) -> None:
    def late(committing: Session) -> None:
        enqueue(committing, "demo", dedupe_key="late")

    with transaction() as inside:
        event.listen(inside, "before_commit", late, once=True)
        enqueue(inside, "demo", dedupe_key="early")
    assert names(session) == ["early", "late"]


def test_what_came_to_nothing_is_not_written_later(session: Session) -> None:
    with pytest.raises(RuntimeError), transaction() as inside:
        enqueue(inside, "demo", dedupe_key="lost")
        raise RuntimeError
    with transaction() as inside:
        enqueue(inside, "demo", dedupe_key="kept")
    assert names(session) == ["kept"]


@pytest.mark.skipif(not os.environ.get("SOUQ_TEST_POSTGRES"), reason="SQLite lets one transaction write at a time")
def test_transactions_that_queue_in_opposite_order_both_commit(session: Session, app: Flask) -> None:
    """Each has queued one of two tasks before the other goes on; written at once, both would wait for ever."""
    both_began: list[str] = []

    def pressing(first: str, last: str) -> Callable[[], None]:
        def press() -> None:
            with app.app_context():
                with transaction() as own:
                    own.connection().exec_driver_sql("SET LOCAL deadlock_timeout = '200ms'")
                    enqueue(own, "demo", dedupe_key=first)
                    both_began.append(first)
                    while len(both_began) < 2:
                        time.sleep(0.01)
                    enqueue(own, "demo", dedupe_key=last)
                db.session.remove()

        return press

    all_at_once([pressing("a", "b"), pressing("b", "a")])
    assert names(session) == ["a", "b"]
