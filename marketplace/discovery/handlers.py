"""Events -> the index, inside the transaction of the change: all or nothing."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import event as sa_event
from sqlalchemy.orm import Session

from marketplace.accounts.events import PersonErased
from marketplace.discovery.cascade import CASCADE
from marketplace.discovery.engine import lives_in_database
from marketplace.discovery.rules import AT_ONCE
from marketplace.discovery.services import Name, index_in_transaction, mark, touch_index
from marketplace.kernel.events import Event, on
from marketplace.kernel.outbox import enqueue

log = logging.getLogger(__name__)
_TOUCHED = "souq_touched_documents"
# in a session's info: leave the index to the job, as a command that brings in thousands of rows wishes
LATER = "souq_index_later"


def _touch(session: Session, event: Event) -> None:
    """Remember what an event touches; the index is written once, when the transaction is about to commit."""
    touched: set[Name] = session.info.setdefault(_TOUCHED, set())
    touched.update(CASCADE[type(event)](session, event))


for _kind in CASCADE:
    on(_kind)(_touch)


@on(PersonErased)
def _scrub(session: Session, event: PersonErased) -> None:
    """An index in files of its own must forget as the database does."""
    if not lives_in_database():
        enqueue(session, "discovery.scrub_index", dedupe_key=f"discovery.scrub_index:{event.user_id}")


@sa_event.listens_for(Session, "before_commit")
def _keep_step(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is released; the transaction itself goes on
    touched: set[Name] = session.info.pop(_TOUCHED, set())
    if not touched:
        return
    is_small = len(touched) <= AT_ONCE and not session.info.get(LATER)
    if lives_in_database() and is_small and _indexed(session, touched):
        return
    mark(session, touched)
    touch_index(session)
    enqueue(session, "discovery.refresh_index")


def _indexed(session: Session, touched: set[Name]) -> bool:
    """Write the index now; a fault in it must not stop the change itself, so then it is left to the marks."""
    session.flush()  # the documents are built from rows
    connection = session.connection()
    connection.exec_driver_sql("SAVEPOINT souq_index")
    try:
        index_in_transaction(session, touched)
    except Exception:
        connection.exec_driver_sql("ROLLBACK TO souq_index")
        log.exception("discovery.index_failed", extra={"documents": len(touched)})
        return False
    finally:
        connection.exec_driver_sql("RELEASE souq_index")
    return True


@sa_event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: Any) -> None:
    if previous.parent is None:  # the whole transaction, not a savepoint
        session.info.pop(_TOUCHED, None)
