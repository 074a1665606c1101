"""What staff read on a page, and what was written down of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.audit import AuditEntry
from tests.support.people import Person


def text_of(person: Person, path: str) -> str:
    """A page as this person gets it."""
    answer = person.client.get(path)
    assert answer.status_code == 200, path
    return str(answer.get_data(as_text=True))


def actions(session: Session) -> set[str]:
    """Every kind of action that was written down so far."""
    session.expire_all()
    return set(session.scalars(select(AuditEntry.action)).all())
