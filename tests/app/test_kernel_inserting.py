"""Rows written at once: the same row and the same object as the unit of work would have made."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from sqlalchemy import delete, func, inspect, select
from sqlalchemy.exc import IntegrityError

from marketplace.kernel.clock import now
from marketplace.kernel.inserting import hold, write, write_family, write_values
from marketplace.kernel.outbox import Task, TaskState, enqueue, enqueue_at_once
from marketplace.kernel.uow import keep, transaction
from marketplace.orders.models import Order, OrderStep
from marketplace.orders.rules import OrderState
from tests.support.ordering import a_deal, a_trade
from tests.support.people import Cast

pytestmark = pytest.mark.usefixtures("app")


def a_task(name: str | None) -> Task:
    return Task(job="notifications.tidy", arguments={"a": "é"}, dedupe_key=name, due_at=now(), created_at=now())


def test_a_written_object_reads_as_one_of_the_unit_of_work(session: Any) -> None:
    with transaction() as inside:
        written, added = a_task("written"), a_task("added")
        assert write(inside, written)
        inside.add(added)
    rows = {row.dedupe_key: row for row in session.execute(select(Task.__table__))}
    one, other = rows["written"]._asdict(), rows["added"]._asdict()
    assert written.id == one.pop("id") != other.pop("id")
    assert written.state == TaskState.READY
    differing = {name for name in one if one[name] != other[name]}
    assert differing <= {"dedupe_key", "due_at", "created_at"}


def test_many_rows_are_written_in_their_order_as_one_is(session: Any) -> None:
    with transaction() as inside:
        given = ("job", "arguments", "dedupe_key", "due_at", "created_at")
        tasks = [vars(a_task(name)) for name in ("b", "a", None)]
        assert write_values(inside, Task, [{name: task[name] for name in given} for task in tasks]) == 3
        write(inside, a_task("alone"))
    found = session.execute(select(Task.__table__).where(Task.job == "notifications.tidy").order_by(Task.id)).all()
    rows = [row._asdict() for row in found]
    assert [row["dedupe_key"] for row in rows] == ["b", "a", None, "alone"]
    for row in rows[:3]:
        differing = {name for name in row if row[name] != rows[3][name]}
        assert differing <= {"id", "dedupe_key", "due_at", "created_at"}


def test_of_many_rows_those_whose_key_is_taken_are_left_out(session: Any) -> None:
    with transaction() as inside:
        enqueue(inside, "demo", dedupe_key="b")
    with transaction() as inside:
        row = {"job": "demo", "arguments": {}, "due_at": now(), "created_at": now()}
        rows = [{**row, "dedupe_key": name} for name in ("a", "b", "c")]
        assert write_values(inside, Task, rows, unless_taken=("dedupe_key",)) == 2
    names = session.scalars(select(Task.dedupe_key).where(Task.job == "demo").order_by(Task.id)).all()
    assert names == ["b", "a", "c"]


@pytest.mark.parametrize("count", [1, 4, 5, 9])
def test_any_number_of_tasks_is_queued_at_once(session: Any, count: int) -> None:
    with transaction() as inside:
        for number in range(count):
            enqueue(inside, "demo", dedupe_key=f"task:{number}")
    names = session.scalars(select(Task.dedupe_key).where(Task.job == "demo").order_by(Task.id)).all()
    assert names == [f"task:{number}" for number in range(count)]


@pytest.mark.parametrize("is_asked_for_more", [True, False])
def test_a_held_object_is_found_by_its_key_and_its_changes_are_kept(session: Any, is_asked_for_more: bool) -> None:
    with transaction() as inside:
        if is_asked_for_more:
            inside.connection()
        is_held_at_once = inside.line is None
        assert is_held_at_once >= is_asked_for_more
        task = a_task("held")
        write(inside, task)
        hold(inside, task)
        assert inspect(task).persistent is is_held_at_once
        assert inside.get_one(Task, task.id) is task
        assert inside.get(Task, task.id) is task
        assert not inside.dirty
        task.attempts = 3
    assert session.scalar(select(Task.attempts).where(Task.dedupe_key == "held")) == 3


def test_a_taken_key_queues_nothing_a_second_time(session: Any) -> None:
    with transaction() as inside:
        enqueue(inside, "notifications.tidy", dedupe_key="once")
        enqueue(inside, "notifications.tidy", dedupe_key="once")
        assert not enqueue_at_once(inside, "notifications.tidy", dedupe_key="once"), "it waits for the end already"
    with transaction() as inside:
        enqueue(inside, "notifications.tidy", dedupe_key="once")
        assert not enqueue_at_once(inside, "notifications.tidy", dedupe_key="once")
    assert session.scalar(select(func.count()).select_from(Task).where(Task.dedupe_key == "once")) == 1


def test_a_broken_rule_raises_as_everywhere_and_nothing_stays(session: Any) -> None:
    with pytest.raises(IntegrityError), transaction() as inside:
        write(inside, a_task("twice"))
        write(inside, a_task("twice"))
    assert session.scalar(select(func.count()).select_from(Task).where(Task.dedupe_key == "twice")) == 0


def test_a_kept_row_is_at_hand_until_the_transaction_ends_and_no_longer() -> None:
    def written(inside: Any, name: str) -> int:
        task = a_task(name)
        write(inside, task)
        hold(inside, task)
        if name == "kept":
            keep(inside, task)
        return task.id

    with transaction() as inside:
        inside.connection()
        keys = {name: inside.identity_key(Task, written(inside, name)) for name in ("kept", "let go")}
        gc.collect()
        assert keys["kept"] in inside.identity_map
        assert keys["let go"] not in inside.identity_map
    gc.collect()
    assert keys["kept"] not in inside.identity_map


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_family_is_written_with_the_right_keys(session: Any, people: Cast, count: int) -> None:
    """Several children go in one statement; each gets the key of its own row."""
    deal = a_deal(a_trade(people))
    order_id = session.scalars(select(Order.id).where(Order.deal_id == deal.id)).one()
    with transaction() as inside:
        inside.execute(delete(OrderStep).where(OrderStep.order_id == order_id))
        inside.execute(delete(Order).where(Order.id == order_id))
    with transaction() as inside:
        order = Order(deal_id=deal.id, state=OrderState.DEPOSIT_DUE, begun_at=now())
        places = list(range(count))[::-1]  # the order of the list is not that of the rows
        order.steps = [OrderStep(position=place, milestone=f"step {place}") for place in places]
        write_family(inside, order, order.steps, "order_id")
        made = {step.position: step.id for step in order.steps}
        assert all(inside.get(OrderStep, step.id) is step and step.order_id == order.id for step in order.steps)
        assert not inside.dirty
        order.steps[0].note = "kept"
    rows = session.execute(select(OrderStep.position, OrderStep.id, OrderStep.milestone, OrderStep.note)).all()
    assert {place: key for place, key, _step, _note in rows} == made
    assert all(step == f"step {place}" for place, _key, step, _note in rows)
    assert [note for place, _key, _step, note in rows if place == places[0]] == ["kept"]
