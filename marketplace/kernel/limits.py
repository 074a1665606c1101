"""Limits per account and per address that hold across workers and restarts: counts in the database."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, case, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kernel.clock import now
from marketplace.kernel.database import Model
from marketplace.kernel.prepared import Prepared, Statement, insert_into


class Tally(Model):
    """How often one thing was tried in the window that began at ``since``."""

    __tablename__ = "tally"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


def tally_key(kind: str, who: str) -> str:
    """A key that does not keep the address or account in clear."""
    return hashlib.sha256(f"{kind}\n{who}".encode()).hexdigest()


def _count(dialect: str) -> Statement:
    """A first try, the next one in the window, or the first of a new window, in one statement."""
    given = insert_into(dialect, Tally).values(key=bindparam("key"), since=bindparam("since"), count=1)
    is_over = Tally.since <= bindparam("over", type_=Tally.since.type)
    counted = given.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "since": case((is_over, given.excluded.since), else_=Tally.since),
            "count": case((is_over, 1), else_=Tally.count + 1),
        },
    )
    return counted.returning(Tally.count)


_COUNT = Prepared(_count)
_READ = Prepared(select(Tally.since, Tally.count).where(Tally.key == bindparam("key")))


def count_try(session: Session, kind: str, who: str, window: timedelta) -> int:
    """Count one more try of ``kind`` by ``who``; gives the number in the current window, this one included."""
    moment = now()
    return int(_COUNT.raw(session, key=tally_key(kind, who), since=moment, over=moment - window)[0][0])


def spend_try(session: Session, kind: str, who: str, window: timedelta, limit: int) -> datetime | None:
    """Count one more try; None if it was allowed, otherwise the moment at which the window ends.

    For transactions that end where no try is left: a refused one is then not counted.
    """
    if count_try(session, kind, who, window) <= limit:
        return None
    ((since, _count),) = _READ.rows(session, key=tally_key(kind, who))
    end: datetime = since + window
    return end


def tries_left_at(session: Session, kind: str, who: str, window: timedelta, limit: int) -> datetime | None:
    """None while tries are left; otherwise the moment at which the window ends."""
    for since, count in _READ.rows(session, key=tally_key(kind, who)):
        if since + window > now() and count >= limit:
            end: datetime = since + window
            return end
    return None


def forget_old(session: Session) -> None:
    """Drop tallies that no window can still need."""
    session.execute(delete(Tally).where(Tally.since < now() - timedelta(days=2)))
