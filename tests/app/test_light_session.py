"""A transaction that is spoken straight to the database promises what every other one does."""

from __future__ import annotations

import os
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.sql import text

from marketplace.kernel import light_session
from marketplace.kernel.clock import now
from marketplace.kernel.database import db, one_read
from marketplace.kernel.events import dispatch
from marketplace.kernel.inserting import hold, made, write
from marketplace.kernel.light_session import LightSession
from marketplace.kernel.lines import WRITES, Line
from marketplace.kernel.outbox import Task, TaskState
from marketplace.kernel.prepared import Prepared
from marketplace.kernel.uow import transaction
from marketplace.notifications.models import Notice
from marketplace.notifications.rules import Kind
from marketplace.rfqs.drafts import InquiryDraft
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.services import send_inquiry
from tests.support.factories import a_listed_product
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")
NAMES = Prepared(select(Task.dedupe_key).where(Task.job == "demo").order_by(Task.id))


def a_task(name: str) -> Task:
    moment = now()
    return made(Task, job="demo", arguments={}, dedupe_key=name, due_at=moment, created_at=moment)


def names(session: Any) -> list[str]:
    found = [name for (name,) in NAMES.raw(session)]
    session.rollback()
    return found


def checked_out() -> int:
    pool: Any = db.engine.pool
    return int(pool.checkedout())


@pytest.fixture(autouse=True)
def spoken_directly(app: Flask, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The tests of other engines listen to every statement for their index, which nothing here changes."""
    if "who_listens" not in request.node.name:
        monkeypatch.setattr(light_session, "is_heard", lambda _engine: False)


def test_an_inquiry_asks_for_nothing_more(people: Cast, session: Any) -> None:
    buyer, seller = people.buyer(), people.seller()
    product = a_listed_product(seller)
    with transaction() as inside:
        rfq = send_inquiry(inside, buyer.actor, product.id, InquiryDraft("How much is it?", "en"))
        inside.flush()
        dispatch(inside)
        assert inside.line is not None, "nothing of what reacts to it asks for an object"
    assert session.scalars(select(Recipient.rfq_id)).all() == [rfq.id]
    assert session.get_one(Rfq, rfq.id) is rfq
    told = session.scalars(select(Notice).where(Notice.kind == Kind.LEAD_NEW)).one()
    queued = set(session.scalars(select(Task.dedupe_key).where(Task.dedupe_key.is_not(None))))
    assert {f"notice:{told.id}", f"matchmaking.fit_request:{rfq.id}"} <= queued


def test_nothing_is_made_until_something_is_asked_for(session: Any) -> None:
    with transaction() as inside:
        assert isinstance(inside, LightSession)
        write(inside, a_task("a"))
        assert inside.line is not None
        assert inside.in_transaction()
        assert inside.get_transaction() is None
        inside.add(Task(job="demo", arguments={}, dedupe_key="b", due_at=now(), created_at=now()))
        assert inside.line is None
        assert inside.connection().get_execution_options()[WRITES]
        write(inside, a_task("c"))
    assert names(session) == ["a", "b", "c"]
    assert not checked_out()


def test_what_is_asked_for_later_sees_what_was_written(session: Any) -> None:
    with transaction() as inside:
        write(inside, a_task("a"))
        assert inside.scalars(select(Task.dedupe_key).where(Task.job == "demo")).all() == ["a"]


@pytest.mark.parametrize("is_asked_for_more", [True, False])
def test_a_failed_action_leaves_nothing_and_gives_its_connection_back(session: Any, is_asked_for_more: bool) -> None:
    heard = []
    event.listen(session, "after_soft_rollback", lambda _session, transaction: heard.append(transaction.parent))
    with pytest.raises(RuntimeError), transaction() as inside:
        write(inside, a_task("lost"))
        if is_asked_for_more:
            inside.connection()
        raise RuntimeError
    assert heard == [None], "whoever notes things for the end of a transaction forgets them"
    assert not checked_out()
    assert names(session) == []


def test_a_savepoint_is_one_of_the_same_transaction(session: Any) -> None:
    with transaction() as inside:
        write(inside, a_task("before"))
        with pytest.raises(IntegrityError), inside.begin_nested():
            write(inside, a_task("before"))
        write(inside, a_task("after"))
    assert names(session) == ["before", "after"]


def test_changes_of_a_written_object_count_before_the_next_statement(session: Any) -> None:
    states = Prepared(select(Task.state).where(Task.job == "demo"))
    with transaction() as inside:
        task = a_task("a")
        write(inside, task)
        hold(inside, task)
        task.state = TaskState.DEAD
        assert states.raw(inside) == [(TaskState.DEAD,)]
    with transaction() as inside:
        task.state = TaskState.DONE  # the same object, in the session's next transaction
    assert states.raw(session) == [(TaskState.DONE,)]


def test_many_written_objects_are_held_as_ever(session: Any) -> None:
    tasks = [a_task(f"task {number}") for number in range(40)]
    with transaction() as inside:
        for task in tasks:
            write(inside, task)
            hold(inside, task)
        assert inside.get_one(Task, tasks[0].id) is tasks[0]
        assert inside.get_one(Task, tasks[-1].id) is tasks[-1]
        for task in tasks:
            task.attempts = 7
    assert set(session.scalars(select(Task.attempts).where(Task.job == "demo"))) == {7}


def test_faults_are_raised_as_sqlalchemy_raises_them(session: Any) -> None:
    wrong = Prepared(lambda _dialect: select(text("nothing_like_it FROM task")))
    with pytest.raises((OperationalError, ProgrammingError)), transaction() as inside:
        wrong.raw(inside)
    with pytest.raises((OperationalError, ProgrammingError)), one_read() as line:
        wrong.raw(line)
    assert not checked_out()


def test_who_listens_hears_every_statement_and_the_commit(session: Any) -> None:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement.split()[0])

    def committed(_connection: Any) -> None:
        said.append("COMMIT")

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", committed)
    try:
        with transaction() as inside:
            assert inside.line is None
            write(inside, a_task("heard"))
        with one_read() as line:
            assert not isinstance(line, Line)
            NAMES.raw(line)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", committed)
    assert said == ["INSERT", "COMMIT", "SELECT"]


def test_a_session_that_is_closed_in_the_middle_undoes_it(session: Any) -> None:
    own = db.session()
    own.rollback()
    own.begin_writing()
    write(own, a_task("lost"))
    own.close()
    assert not checked_out()
    assert names(session) == []


def test_a_fault_that_is_caught_undoes_nothing_and_lets_nothing_out(session: Any) -> None:
    wrong = Prepared(lambda _dialect: select(text("nothing_like_it FROM task")))
    with pytest.raises(RuntimeError), transaction() as inside:
        write(inside, a_task("before"))
        with pytest.raises((OperationalError, ProgrammingError)):
            wrong.raw(inside)
        if inside.get_bind().dialect.name == "sqlite":  # PostgreSQL takes no more statements then
            write(inside, a_task("direct"))
            inside.add(Task(job="demo", arguments={}, dedupe_key="object", due_at=now(), created_at=now()))
            inside.flush()
            assert [name for (name,) in NAMES.raw(inside)] == ["before", "direct", "object"]
        raise RuntimeError
    assert names(session) == []
    assert not checked_out()


def test_what_changes_while_it_is_about_to_commit_is_written(session: Any) -> None:
    def late(_session: Any) -> None:
        task.attempts = 9

    with transaction() as inside:
        task = a_task("a")
        write(inside, task)
        hold(inside, task)
        event.listen(inside, "before_commit", late)
    event.remove(inside, "before_commit", late)
    attempts = select(Task.attempts).where(Task.job == "demo")
    assert db.session().connection().scalars(attempts).all() == [9]


@pytest.mark.parametrize("is_read", [True, False])
@pytest.mark.parametrize("is_direct", [True, False])
def test_what_was_read_since_is_read_again_and_what_was_written_stays(
    session: Any, monkeypatch: pytest.MonkeyPatch, is_direct: bool, is_read: bool
) -> None:
    monkeypatch.setattr(light_session, "is_heard", lambda _engine: not is_direct)
    with transaction() as inside:
        task = a_task("a")
        write(inside, task)
        hold(inside, task)
    if is_read:
        session.scalars(select(Task.id)).all()
    with db.engine.begin() as other:
        other.execute(update(Task).values(attempts=5))
    with transaction() as inside:
        assert task.attempts == (5 if is_read else 0), "either way of speaking is the same"
        inside.refresh(task)
        assert task.attempts == 5


def test_a_held_object_can_be_read_anew(session: Any) -> None:
    with transaction() as inside:
        task = a_task("a")
        write(inside, task)
        hold(inside, task)
        inside.refresh(task)
        inside.expire(task)
        assert task.dedupe_key == "a"


@pytest.mark.skipif(not os.environ.get("SOUQ_TEST_POSTGRES"), reason="a file's connection is never lost")
@pytest.mark.parametrize("what", ["statement", "object", "commit"])
def test_a_connection_that_is_lost_is_told_and_replaced(session: Any, what: str) -> None:
    with pytest.raises(DBAPIError) as caught, transaction() as inside:
        assert isinstance(inside, LightSession)
        assert inside.line is not None
        ((process,),) = inside.line.run("SELECT pg_backend_pid()", ())[0]
        write(inside, a_task("lost"))
        with db.engine.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({process}, 5000)")
        if what == "statement":
            write(inside, a_task("lost, too"))
        elif what == "object":
            inside.scalars(select(Task)).all()
    assert caught.value.connection_invalidated
    assert not checked_out()
    with transaction() as inside:
        write(inside, a_task("after"))
    assert names(session) == ["after"]
