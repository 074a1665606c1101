"""A full disk, step by step: what is a write waits or is refused with a sentence, and what is a page is shown."""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config.metrics import metrics_folder
from config.settings import Settings
from marketplace.accounts.models import SessionRow
from marketplace.i18n.translations import speaking
from marketplace.kernel import jobs
from marketplace.kernel.clock import frozen, now
from marketplace.kernel.database import db
from marketplace.kernel.fullness import is_disk_full, unless_full
from marketplace.kernel.jobs import FULL_REST, MAX_ATTEMPTS, run_due
from marketplace.kernel.outbox import Task, enqueue
from marketplace.kernel.outside import storage
from marketplace.kernel.storage import FolderStorage
from marketplace.kernel.uow import transaction
from marketplace.problems import SENTENCES
from tests.support.factories import a_listed_product
from tests.support.flows import an_answer, an_inquiry, recipient_of
from tests.support.people import Cast, guards

OWN_WORDS = "There is no room left to keep anything new"


def no_room(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def full_database(settings: Settings) -> Iterator[None]:
    """SQLite may add no page: every connection that begins is told so, and what is free already is taken."""
    if not settings.stores.is_sqlite:
        pytest.skip("SQLite's own limit")
    connection = db.session().connection().connection.dbapi_connection
    assert connection is not None
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    db.session.remove()
    db.engine.dispose()
    with sqlite3.connect(settings.home / "souq.sqlite3") as filler:
        filler.execute("CREATE TABLE ballast (data BLOB)")
        filler.execute(f"PRAGMA max_page_count = {pages + 8}")
        size = 1 << 20
        while size >= 64:
            try:
                filler.execute("INSERT INTO ballast VALUES (randomblob(?))", (size,))
                filler.commit()
            except sqlite3.OperationalError:
                filler.rollback()
                size //= 2
        (full,) = filler.execute("PRAGMA page_count").fetchone()
    filler.close()
    limit = lambda dbapi, _record: dbapi.execute(f"PRAGMA max_page_count = {full}")  # noqa: E731
    event.listen(db.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.usefixtures("moment")
def test_a_long_message_to_a_full_database_is_answered_507_and_can_be_copied(
    people: Cast, settings: Settings, session: Session
) -> None:
    buyer, seller = people.buyer(), people.seller()
    rfq = an_inquiry(buyer, a_listed_product(seller))
    an_answer(seller, rfq)
    talk = f"/requests/{rfq.key}/with/{recipient_of(rfq, seller).key}"
    words = "We need the papers by Friday. " * 500
    with full_database(settings):
        sent_from = {"Referer": f"http://localhost{talk}"}
        answer = buyer.post(f"{talk}/messages", {"text": words}, page=talk, headers=sent_from)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 507
        assert OWN_WORDS in text
        assert words.strip() in text
        assert answer.headers["Retry-After"] == "60"
        assert buyer.client.get(talk).status_code == 200
        assert seller.client.get("/leads").status_code == 200
    assert buyer.post(f"{talk}/messages", {"text": words}, page=talk).status_code == 303


@pytest.mark.usefixtures("moment")
@pytest.mark.parametrize(("language", "locale"), [("de", "de"), ("id", "id"), ("zh-hans", "zh_Hans")])
def test_the_sentence_is_in_the_readers_language(
    people: Cast, monkeypatch: pytest.MonkeyPatch, language: str, locale: str
) -> None:
    seller = people.seller()
    monkeypatch.setattr(FolderStorage, "put", no_room)
    page = f"/{language}/selling/import"
    form = {**guards(seller.client, page), "file": (io.BytesIO(b"title\nSugar\n"), "a.csv")}
    answer = seller.client.post(page, data=form, content_type="multipart/form-data")
    assert answer.status_code == 507
    with speaking(locale):
        assert escape(str(SENTENCES[507])) in answer.get_data(as_text=True)


@pytest.mark.usefixtures("moment")
def test_nothing_half_stays_in_the_storage(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as on_a_full_disk:
        on_a_full_disk.setattr(os, "fsync", no_room)
        with pytest.raises(OSError, match="No space left"):
            storage().put("document/0123.pdf", b"x" * 1000)
    root = storage().root  # type: ignore[attr-defined]  # a folder in tests
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_page_is_read_though_the_look_cannot_be_noted(people: Cast, settings: Settings, session: Session) -> None:
    buyer = people.buyer()
    start = now()
    with frozen(start + timedelta(hours=2)), full_database(settings), pytest.MonkeyPatch.context() as broken:
        broken.setattr("marketplace.accounts.login.touch", _full_statement)
        assert buyer.client.get("/account").status_code == 200
    session.rollback()
    assert session.scalars(select(SessionRow.last_seen_at)).one() < start + timedelta(hours=1)


def _full_statement(*_: object) -> None:
    fault = sqlite3.OperationalError("database or disk is full")
    fault.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[misc]  # the driver sets it so
    raise OperationalError("UPDATE", {}, fault)


room: list[str] = []


@jobs.job("test.needs_room")
def needs_room() -> None:
    """Write a file, where there is room."""
    if not room:
        no_room()
    room.append("done")


def test_a_task_waits_for_room_and_loses_no_try(app: Flask, session: Session) -> None:
    room.clear()
    with transaction() as inside:
        enqueue(inside, "test.needs_room")
    start = now()
    for times in range(2 * MAX_ATTEMPTS):
        with frozen(start + times * (FULL_REST + timedelta(seconds=1))):
            assert run_due() >= 1
    session.rollback()
    task = session.scalars(select(Task).where(Task.job == "test.needs_room")).one()
    assert (task.state, task.attempts) == ("ready", 0)
    room.append("made")
    with frozen(start + timedelta(days=1)):
        run_due()
    session.rollback()
    assert room == ["made", "done"]


def test_what_cannot_even_be_given_back_is_given_back_later(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.clear()
    with transaction() as inside:
        enqueue(inside, "test.needs_room")
        enqueue(inside, "test.needs_room")
    with monkeypatch.context() as full:
        full.setattr(jobs, "give_back", _full_statement)
        with pytest.raises(OperationalError):
            run_due()
    states = select(Task.state, Task.attempts).where(Task.job == "test.needs_room")
    assert [tuple(row) for row in session.execute(states)] == [("running", 1), ("running", 1)]
    room.append("made")
    run_due()
    session.rollback()
    assert [tuple(row) for row in session.execute(states)] == [("done", 1), ("done", 1)]


def test_what_an_action_did_is_not_rolled_back_while_it_goes_on(app: Flask, session: Session) -> None:
    with pytest.raises(OSError, match="No space"), transaction() as inside:
        enqueue(inside, "test.needs_room")
        inside.flush()
        with unless_full(), transaction():  # as when somebody is noted to be here while their action is under way
            raise OSError(errno.ENOSPC, "No space left on device")
    assert session.scalars(select(Task.id).where(Task.job == "test.needs_room")).all() == []


@pytest.mark.parametrize(
    ("failure", "is_full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (sqlite3.OperationalError("database is locked"), False),
        (ValueError("database or disk is full"), False),  # words of a person prove nothing
        (None, False),
    ],
)
def test_what_says_that_a_disk_is_full(failure: Exception | None, is_full: bool) -> None:
    assert is_disk_full(failure) is is_full


def test_of_whatever_it_was_raised_from() -> None:
    class DiskFull(Exception):
        sqlstate = "53100"  # as PostgreSQL's driver names it

    assert is_disk_full(OperationalError("INSERT", {}, DiskFull()))
    wrapped = RuntimeError("while writing")
    wrapped.__cause__ = OSError(errno.ENOSPC, "")
    assert is_disk_full(wrapped)
    wrapped.__cause__ = wrapped
    assert not is_disk_full(wrapped)


def test_counters_lie_in_memory_and_in_a_folder_of_this_user(tmp_path: Path) -> None:
    memory, home = tmp_path / "memory", tmp_path / "home"
    memory.mkdir()
    first = metrics_folder(home, memory)
    assert first.parent == memory
    assert stat.S_IMODE(first.stat().st_mode) == 0o700
    assert metrics_folder(home, memory) == first
    assert metrics_folder(tmp_path / "other", memory) != first
    first.rmdir()
    first.symlink_to(tmp_path)  # put there by somebody else
    assert metrics_folder(home, memory) == home / "metrics"
    assert metrics_folder(home, tmp_path / "none") == home / "metrics"
