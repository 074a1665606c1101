"""Transactions, submits, jobs and limits of the kernel on a real database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel import events, jobs, limits, submits
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.errors import AlreadySubmitted
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.uow import transaction

pytestmark = pytest.mark.usefixtures("app")


def tasks(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Task)) or 0


def test_a_rolled_back_action_leaves_no_work(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as inside:
        enqueue(inside, "demo")
        raise ZeroDivisionError
    assert tasks(session) == 0


def test_a_commit_with_unhandled_events_is_refused(session: Session) -> None:
    @dataclass(frozen=True)
    class Happened(events.Event):
        number: int

    events.record(session, Happened(1))
    with pytest.raises(RuntimeError, match="unhandled events"):
        session.commit()
    session.info[events.PENDING] = []
    session.rollback()


def test_a_savepoint_may_end_while_events_wait(session: Session) -> None:
    @dataclass(frozen=True)
    class Happened(events.Event):
        number: int

    with transaction() as inside:
        events.record(inside, Happened(1))
        with inside.begin_nested():
            enqueue(inside, "demo")
    assert tasks(session) == 1


def test_handlers_run_in_the_same_transaction(session: Session) -> None:
    @dataclass(frozen=True)
    class Happened(events.Event):
        number: int

    @events.on(Happened)
    def react(inside: Session, event: Happened) -> None:
        enqueue(inside, "reaction", number=event.number)

    with transaction() as inside:
        events.record(inside, Happened(7))
    assert session.scalars(select(Task.arguments)).all() == [{"number": 7}]


def test_a_dedupe_key_queues_once(session: Session) -> None:
    for _ in range(3):
        with transaction() as inside:
            enqueue(inside, "demo", dedupe_key="one")
    assert tasks(session) == 1


def test_a_failing_job_is_tried_again_and_ends_dead(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fails() -> None:
        calls.append(1)
        raise ValueError("a person's text")

    monkeypatch.setitem(jobs._jobs, "fails", fails)
    with transaction() as inside:
        enqueue(inside, "fails")
    moment = now()
    for step in range(jobs.MAX_ATTEMPTS + 2):
        with frozen(moment + timedelta(hours=2 * step)):
            jobs.run_due()
    assert len(calls) == jobs.MAX_ATTEMPTS
    task = session.scalars(select(Task)).one()
    assert (task.state, task.error) == (TaskState.DEAD, "ValueError")


def test_a_lease_that_ran_out_is_taken_over(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setitem(jobs._jobs, "works", lambda: done.append(1))
    with transaction() as inside:
        enqueue(inside, "works")
    first = jobs.claim()  # this worker dies here
    assert first
    assert jobs.run_due() == 0
    with frozen(now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_due() == 1
    assert done == [1]


def test_the_second_copy_of_a_submit_is_led_to_the_first(session: Session) -> None:
    with transaction() as inside:
        row = submits.claim(inside, "k" * 64, "/fallback")
        row.location = "/result"
    with pytest.raises(AlreadySubmitted) as repeat, transaction() as inside:
        submits.claim(inside, "k" * 64, "/fallback")
    assert repeat.value.location == "/result"


def test_an_address_of_any_length_claims_like_another(session: Session) -> None:
    """A made-up path reaches the claim before its view can say that there is no such page."""
    long = "/pools/1/members/" + "a" * submits.LONGEST
    with transaction() as inside:
        row = submits.claim(inside, "k" * 64, long)
        row.location = long + "/done"
    assert session.scalars(select(submits.Submission.location)).one() == ""
    with pytest.raises(AlreadySubmitted) as repeat, transaction() as inside:
        submits.claim(inside, "k" * 64, long)
    assert repeat.value.location == long


def test_tries_are_counted_in_their_window(session: Session) -> None:
    window = timedelta(minutes=5)
    with transaction() as inside:
        assert [limits.count_try(inside, "sign-in", "a", window) for _ in range(3)] == [1, 2, 3]
    assert limits.tries_left_at(session, "sign-in", "a", window, 3) is not None
    with frozen(now() + window), transaction() as inside:
        assert limits.count_try(inside, "sign-in", "a", window) == 1


def test_a_periodic_job_is_queued_once_a_slot(app: Flask, session: Session) -> None:
    moment = now()
    first = jobs.enqueue_periodic(moment)
    assert first > 0
    assert jobs.enqueue_periodic(moment) == 0
