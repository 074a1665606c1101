"""Limits per account and per address that hold across workers and restarts: counts in the database."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kernel.clock import now
from marketplace.kernel.database import Model


class Tally(Model):
    """How often one thing was tried in the window that began at ``since``."""

    __tablename__ = "tally"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


def tally_key(kind: str, who: str) -> str:
    """A key that does not keep the address or account in clear."""
    return hashlib.sha256(f"{kind}\n{who}".encode()).hexdigest()


def count_try(session: Session, kind: str, who: str, window: timedelta) -> int:
    """Count one more try of ``kind`` by ``who``; gives the number in the current window, this one included."""
    moment = now()
    key = tally_key(kind, who)
    row = session.get(Tally, key, with_for_update=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(Tally(key=key, since=moment, count=1))
            return 1
        except IntegrityError:  # PostgreSQL: another first try committed while this one waited
            row = session.get_one(Tally, key, with_for_update=True)
    if row.since + window <= moment:
        row.since, row.count = moment, 0
    row.count += 1
    return row.count


def tries_left_at(session: Session, kind: str, who: str, window: timedelta, limit: int) -> datetime | None:
    """None while tries are left; otherwise the moment at which the window ends."""
    row = session.scalar(select(Tally).where(Tally.key == tally_key(kind, who)))
    if row is None or row.since + window <= now() or row.count < limit:
        return None
    return row.since + window


def forget_old(session: Session) -> None:
    """Drop tallies that no window can still need."""
    session.execute(delete(Tally).where(Tally.since < now() - timedelta(days=2)))
