"""Changes of products leave marks for the saved searches, in the transaction of the change.

Marks are written once, when the transaction is about to commit: events of one transaction come in any order, and two
transactions that write rows of one table in different orders wait for each other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event as sa_event
from sqlalchemy.orm import Session

from marketplace.discovery.cascade import CASCADE
from marketplace.discovery.rules import PRODUCT
from marketplace.kernel.events import Event, on
from marketplace.saved.services.marks import note_changed

_NOTED = "souq_noted_for_saved_searches"


def _note(session: Session, event: Event) -> None:
    noted: set[int] = session.info.setdefault(_NOTED, set())
    noted.update(key for kind, key in CASCADE[type(event)](session, event) if kind == PRODUCT)


for _kind in CASCADE:
    on(_kind)(_note)


@sa_event.listens_for(Session, "before_commit")
def _write_noted(session: Session) -> None:
    if not session.in_nested_transaction():  # a savepoint is released; the transaction itself goes on
        note_changed(session, session.info.pop(_NOTED, ()))


@sa_event.listens_for(Session, "after_soft_rollback")
def _forget_noted(session: Session, previous: Any) -> None:
    if previous.parent is None:  # the whole transaction, not a savepoint
        session.info.pop(_NOTED, None)
