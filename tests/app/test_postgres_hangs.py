"""T20: a PostgreSQL that stops answering costs a visitor a second and a polite 503, and is used again by itself."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from marketplace.kernel import jobs, patience
from marketplace.kernel.database import db
from marketplace.kernel.jobs import Lane, job, run_due
from marketplace.kernel.outbox import Task, TaskState, enqueue
from marketplace.kernel.uow import transaction
from marketplace.kernel.working import work
from tests.support.application import build, home_settings, postgres_database
from tests.support.busy import weighed
from tests.support.factories import a_listed_product
from tests.support.people import Cast
from tests.support.wire import Weather, Wire, a_wire

SERVER = os.environ.get("SOUQ_TEST_POSTGRES", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="needs the PostgreSQL at SOUQ_TEST_POSTGRES")
PATIENCE = 1.5
BACK_WITHIN = 10.0
BAD = [each for each in Weather if each is not Weather.FAIR]
ALL_BUT_SLOW = [each for each in BAD if each is not Weather.SLOW]  # what is slow may still be in time


@pytest.fixture
def wire() -> Iterator[Wire]:
    place = urlsplit(SERVER)
    with a_wire(place.hostname or "", place.port or 5432) as made:
        yield made


@pytest.fixture
def site(wire: Wire, tmp_path: Path) -> Iterator[Flask]:
    """The application whose database lies behind the wire."""
    place = urlsplit(SERVER)
    with postgres_database(SERVER) as url:
        behind = url.replace(f"{place.hostname}:{place.port}", f"127.0.0.1:{wire.own_port}")
        application = build(home_settings(tmp_path, DATABASE_URL=behind))
        with application.app_context():
            yield application
            wire.set(Weather.FAIR)
            with suppress(OperationalError):  # its line was cut with the others
                db.session.remove()
            db.engine.dispose()


def spoil(wire: Wire, weather: Weather, *, keeps_lines: bool) -> None:
    """Make the weather bad, for lines that are open as well or for those to come alone."""
    if keeps_lines and weather is not Weather.REFUSED:
        wire.weather = weather  # what is connected stays so, and hangs
    else:
        wire.set(weather)


def timed(client: Any, path: str) -> tuple[Any, float]:
    began = time.monotonic()
    answer = client.get(path)
    assert "Traceback" not in answer.text
    return answer, time.monotonic() - began


def whole_again(wire: Wire, pages: list[tuple[Any, str]]) -> None:
    wire.set(Weather.FAIR)
    began = time.monotonic()
    while {client.get(path).status_code for client, path in pages} != {200}:
        assert time.monotonic() - began <= weighed(BACK_WITHIN)
        time.sleep(0.1)


@pytest.mark.parametrize("weather", BAD)
@pytest.mark.parametrize("keeps_lines", [True, False], ids=["lines stay open", "lines end"])
def test_t20_every_page_answers_and_the_site_is_whole_again(
    site: Flask, wire: Wire, weather: Weather, keeps_lines: bool
) -> None:
    people = Cast(site)
    seller = people.seller()
    product, unread = a_listed_product(seller), a_listed_product(seller)
    visitor = site.test_client()
    remembered = [(visitor, f"/en/products/{product.slug}"), (visitor, "/en/products")]
    signed_in = [(seller.client, "/de/leads"), (seller.client, "/de/account")]
    for client, path in [*remembered, *signed_in]:
        assert client.get(path).status_code == 200
    db.session.remove()
    spoil(wire, weather, keeps_lines=keeps_lines)
    refused = 0
    for client, path in [(visitor, f"/de/products/{unread.slug}"), *signed_in, *signed_in]:
        answer, seconds = timed(client, path)
        assert seconds <= weighed(PATIENCE), (path, seconds)
        assert answer.status_code in {200, 503}, path
        if answer.status_code == 503:
            refused += 1
            assert "Einen Moment bitte" in answer.text, path  # in the reader's own language, whoever they are
            assert answer.headers["Retry-After"] == "5"
    assert refused == 5 or weather is Weather.SLOW
    for client, path in remembered:
        answer, seconds = timed(client, path)
        assert (answer.status_code, seconds <= weighed(PATIENCE)) == (200, True), path
    whole_again(wire, [*remembered, *signed_in])


def test_a_page_whose_market_moved_on_is_given_as_it_was_kept(site: Flask, wire: Wire) -> None:
    seller = Cast(site).seller()
    product = a_listed_product(seller, title="Gayo of the first day")
    visitor, paths = site.test_client(), (f"/en/products/{product.slug}", "/en/products", "/en/products?q=gayo")
    for path in paths:
        assert "Gayo of the first day" in visitor.get(path).text
    a_listed_product(seller, title="Gayo of the second day")  # the index knows it, so no kept list is the newest
    db.session.remove()
    wire.set(Weather.SILENT)
    for path in paths:
        answer, seconds = timed(visitor, path)
        assert "Gayo of the first day" in answer.text
        assert seconds <= weighed(PATIENCE)
    wire.set(Weather.FAIR)
    time.sleep(patience.REST_SECONDS)
    assert "Gayo of the second day" in visitor.get("/en/products").text


def test_a_statement_that_takes_its_time_is_waited_for(site: Flask) -> None:
    began = time.monotonic()
    assert db.session.scalar(text("SELECT 7 FROM pg_sleep(2)")) == 7
    assert time.monotonic() - began >= 2 > patience.ASKED_AFTER


@dataclass
class Chore:
    """The job `test.chore`: the numbers that it was done with. It asks the database, after whatever is due `at` one."""

    done: list[int] = field(default_factory=list)
    at: dict[int, Callable[[], None]] = field(default_factory=dict)

    def __call__(self, number: int) -> None:
        self.at.pop(number, lambda: None)()
        with transaction() as session:
            session.scalar(text("SELECT 1"))
        self.done.append(number)


@pytest.fixture
def chore(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chore]:
    """No other job is due."""
    monkeypatch.setattr(jobs, "_periodic", [])
    made = Chore()
    job("test.chore")(made)
    yield made
    jobs._jobs.pop("test.chore")


def tasks() -> list[tuple[str, int, str | None]]:
    db.session.rollback()
    query = select(Task.state, Task.attempts, Task.error).where(Task.job == "test.chore").order_by(Task.id)
    found = [(row[0], row[1], row[2]) for row in db.session.execute(query)]
    db.session.rollback()
    return found


def queue(count: int, first: int = 0) -> None:
    with transaction() as session:
        for number in range(first, first + count):
            enqueue(session, "test.chore", number=number)


def on_first_commit(act: Any) -> None:
    """Once, as a transaction is about to end."""

    acts = [act]
    event.listen(db.engine, "commit", lambda _connection: acts and acts.pop()())


@pytest.mark.parametrize("weather", ALL_BUT_SLOW)
def test_a_task_that_was_at_hand_is_done_again_and_no_try_is_counted(
    site: Flask, wire: Wire, weather: Weather, chore: Chore
) -> None:
    queue(3)
    chore.at[1] = lambda: spoil(wire, weather, keeps_lines=False)
    with pytest.raises(OperationalError):
        run_due(worker="a" * 16)
    wire.set(Weather.FAIR)
    time.sleep(patience.REST_SECONDS)
    assert [row[0] for row in tasks()] == [TaskState.DONE, TaskState.RUNNING, TaskState.RUNNING]
    assert run_due(worker="a" * 16) == 2
    assert chore.done == [0, 1, 2]
    assert tasks() == [(TaskState.DONE, 1, None)] * 3


def test_tasks_whose_claim_nobody_knows_of_are_not_lost(site: Flask, wire: Wire, chore: Chore) -> None:
    queue(2)

    def cut_off() -> None:  # the server commits, its word does not arrive
        wire.weather = Weather.CUT

    on_first_commit(cut_off)
    with pytest.raises(OperationalError):
        run_due(worker="b" * 16, lane=Lane.COMMON)
    wire.set(Weather.FAIR)
    time.sleep(patience.REST_SECONDS)
    assert [row[0] for row in tasks()] == [TaskState.RUNNING] * 2
    assert run_due(worker="b" * 16, lane=Lane.COMMON) == 2
    assert tasks() == [(TaskState.DONE, 1, None)] * 2


@pytest.mark.parametrize("weather", [Weather.SILENT, Weather.REFUSED])
def test_the_worker_waits_and_goes_on_by_itself(
    site: Flask, wire: Wire, weather: Weather, chore: Chore, tmp_path: Path
) -> None:
    queue(5)
    db.session.remove()
    stop = threading.Event()

    def loop() -> None:
        with site.app_context():
            work(stop, tmp_path / "workers", lambda _key: ["false"])

    worker = threading.Thread(target=loop)
    worker.start()
    try:
        until(lambda: len(chore.done) == 5)
        spoil(wire, weather, keeps_lines=True)
        time.sleep(4)
        wire.set(Weather.FAIR)
        began = time.monotonic()
        until(lambda: queued(5))
        until(lambda: len(chore.done) == 10)
        assert time.monotonic() - began <= weighed(BACK_WITHIN)
    finally:
        wire.set(Weather.FAIR)
        stop.set()
        worker.join(60)
    assert tasks() == [(TaskState.DONE, 1, None)] * 10


def queued(first: int) -> bool:
    try:
        queue(5, first)
    except OperationalError:
        return False
    return True


def until(holds: Any) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began <= 60
        time.sleep(0.1)
