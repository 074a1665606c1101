"""Two clicks on a submit make one thing: every form carries a key that its first transaction claims.

The claim is a row of the action's own transaction. A second copy finds the row (or waits for it
on the lock) and is led to where the first one went.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kernel.clock import now
from marketplace.kernel.database import Model, Text500
from marketplace.kernel.errors import AlreadySubmitted

FIELD = "_once"
KEPT = timedelta(days=2)


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


def claim(session: Session, key: str, fallback: str) -> Submission:
    """Claim ``key`` in this transaction. Raises `AlreadySubmitted` when it was claimed before."""
    earlier = session.scalar(select(Submission.location).where(Submission.key == key))
    if earlier is not None:
        raise AlreadySubmitted(earlier)
    row = Submission(key=key, location=fallback, created_at=now())
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # PostgreSQL: the other copy committed while this one waited
        earlier = session.scalar(select(Submission.location).where(Submission.key == key))
        raise AlreadySubmitted(earlier or fallback) from None
    return row


def forget_old(session: Session) -> None:
    """Drop keys older than two days."""
    session.execute(delete(Submission).where(Submission.created_at < now() - KEPT))
