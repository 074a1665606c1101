"""Two clicks on a submit make one thing: every form carries a key that its first transaction claims.

The claim is a row of the action's own transaction. A second copy finds the row (or waits for it
on the lock) and is led to where the first one went.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kernel.clock import now
from marketplace.kernel.database import Model, Text500
from marketplace.kernel.errors import AlreadySubmitted
from marketplace.kernel.prepared import Prepared, insert_into

FIELD = "_once"
KEPT = timedelta(days=2)
LONGEST = 500  # letters of an address that is kept


class Submission(Model):
    """A form that was acted on; ``key`` is a hash of who, where and the form's own key."""

    __tablename__ = "submission"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[Text500]
    created_at: Mapped[datetime] = mapped_column(index=True)


def new_key() -> str:
    """A fresh key for a form that is about to be shown."""
    return secrets.token_urlsafe(16)


def hashed(owner: str, endpoint: str, key: str) -> str:
    """The stored form of a submit key, bound to its person and its address."""
    return hashlib.sha256(f"{owner}\n{endpoint}\n{key}".encode()).hexdigest()


_CLAIM = Prepared(
    lambda dialect: (
        insert_into(dialect, Submission)
        .values(key=bindparam("key"), location=bindparam("location"), created_at=bindparam("created_at"))
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Submission.key)
    )
)
_LEAD = Prepared(
    update(Submission).where(Submission.key == bindparam("claimed")).values(location=bindparam("new_location"))
)


def _kept(location: str) -> str:
    """What is kept of an address: a longer one is nobody's page, so a second copy goes where it came from."""
    return location if len(location) <= LONGEST else ""


class Claim:
    """A form's key that this transaction holds; setting ``location`` says where a second copy is led."""

    def __init__(self, session: Session, key: str, location: str) -> None:
        self._session, self._key, self._location = session, key, location

    @property
    def location(self) -> str:
        """Where a second copy is led."""
        return self._location

    @location.setter
    def location(self, location: str) -> None:
        self._location = location
        _LEAD.raw(self._session, claimed=self._key, new_location=_kept(location))


def claim(session: Session, key: str, fallback: str) -> Claim:
    """Claim ``key`` in this transaction. Raises `AlreadySubmitted` when it was claimed before."""
    # where another copy holds the key, PostgreSQL waits for its end and SQLite for its own turn to write
    if not _CLAIM.raw(session, key=key, location=_kept(fallback), created_at=now()):
        earlier = session.scalar(select(Submission.location).where(Submission.key == key))
        raise AlreadySubmitted(earlier or fallback)
    return Claim(session, key, fallback)


def forget_old(session: Session) -> None:
    """Drop keys older than two days."""
    session.execute(delete(Submission).where(Submission.created_at < now() - KEPT))
