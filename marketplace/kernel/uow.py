"""One transaction per action: the change, its events, its queued work and its index marks, all or nothing.

This is the only place of the site that commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import event as sa_event
from sqlalchemy.orm import Session

from marketplace.kernel.database import db
from marketplace.kernel.events import PENDING, dispatch
from marketplace.kernel.light_session import LightSession
from marketplace.kernel.outbox import QUEUED, write_queued

_OPEN = "souq_transaction_open"
_KEPT = "souq_transaction_keeps"
_FOUND = "souq_transaction_found"
T = TypeVar("T")


@contextmanager
def transaction() -> Iterator[Session]:
    """A write transaction on the current session; nested use joins the outer one.

    Rows that were read since the session's last transaction are read again inside, so that decisions rest on what is
    locked. What that transaction wrote, and nobody has read since, stays as it was written: whoever decides by it reads
    it anew (`populate_existing`).
    """
    session = cast(LightSession, db.session())  # as `kernel.database` makes it
    if session.info.get(_OPEN):
        yield session
        return
    session.rollback()  # ends the read transaction; its rows are refreshed on next use
    session.info[_OPEN] = True
    session.info[PENDING], session.info[QUEUED] = [], {}
    try:
        session.begin_writing()
        yield session
        session.flush()  # handlers query what the action wrote
        dispatch(session)
        write_queued(session)
        session.commit()
    except BaseException:
        session.info[PENDING] = []
        session.rollback()
        raise
    finally:
        session.info[_OPEN] = False
        session.info.pop(_KEPT, None)
        session.info.pop(_FOUND, None)
        session.info.pop(QUEUED, None)


def is_open(session: Session) -> bool:
    """Whether an action's transaction is under way."""
    return bool(session.info.get(_OPEN))


def keep(session: Session, *things: Any) -> None:
    """Have these rows at hand for `session.get` until the transaction ends, so that handlers need not read them again.

    A session knows only what somebody else still holds.
    """
    session.info.setdefault(_KEPT, []).extend(things)


def once(session: Session, name: str, find: Callable[[Session], T]) -> T:
    """What ``find`` gives, asked once in a transaction: for what nothing changes while its events are handled."""
    if not session.info.get(_OPEN):
        return find(session)
    found: dict[str, T] = session.info.setdefault(_FOUND, {})
    if name not in found:
        found[name] = find(session)
    return found[name]


@sa_event.listens_for(Session, "before_commit")
def _refuse_unhandled(session: Session) -> None:
    if session.info.get(PENDING) and not session.in_nested_transaction():  # a savepoint commits nothing yet
        raise RuntimeError("a commit with unhandled events; commit through transaction()")
