"""Reads of closures: for clocks, for pages, for suggestions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from marketplace.closures.models import SellerClosure
from marketplace.closures.rules import TOLD_BEFORE, ClosureState, Days, Span, state_at
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.prepared import On, Prepared
from marketplace.sellers.models import Seller

_SPANS = Prepared(
    select(SellerClosure.starts_at, SellerClosure.ends_at)
    .where(SellerClosure.seller_id == bindparam("seller_id"), SellerClosure.ends_at > bindparam("since"))
    .order_by(SellerClosure.starts_at)
)
_NEXT = Prepared(
    select(SellerClosure.closed_from, SellerClosure.closed_to, SellerClosure.note, SellerClosure.starts_at)
    .where(
        SellerClosure.seller_id == bindparam("seller_id"),
        SellerClosure.ends_at > bindparam("moment"),
        SellerClosure.starts_at <= bindparam("horizon"),
    )
    .order_by(SellerClosure.starts_at)
    .limit(1)
)

_OF_ORGANISATION = Prepared(
    select(SellerClosure.closed_from, SellerClosure.closed_to, SellerClosure.note)
    .join(Seller, Seller.id == SellerClosure.seller_id)
    .where(
        Seller.organisation_id == bindparam("organisation_id"),
        SellerClosure.starts_at <= bindparam("moment"),
        SellerClosure.ends_at > bindparam("moment"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class ShownClosure:
    """What everybody may know of a closure: its days, the seller's words, and whether it has begun."""

    first: date
    last: date
    note: str
    is_running: bool


def spans_of(session: On, seller_id: int, since: datetime) -> list[Span]:
    """The seller's closures that end after ``since``, in their order."""
    return [(begins, ends) for begins, ends in _SPANS.rows(session, seller_id=seller_id, since=since)]


def shown_closure(on: On, seller_id: int) -> ShownClosure | None:
    """The closure that runs now, else one that begins within three weeks; None where there is neither."""
    moment = now()
    rows = _NEXT.rows(on, seller_id=seller_id, moment=moment, horizon=moment + TOLD_BEFORE)
    return next((ShownClosure(first, last, note, begins <= moment) for first, last, note, begins in rows), None)


def closed_now(on: On, organisation_id: int) -> ShownClosure | None:
    """The closure that runs now, of the seller that an organisation is."""
    rows = _OF_ORGANISATION.rows(on, organisation_id=organisation_id, moment=now())
    return next((ShownClosure(first, last, note, True) for first, last, note in rows), None)


def is_closed_at(seller_id: InstrumentedAttribute[int], moment: datetime) -> ColumnElement[bool]:
    """Whether the seller of a row is closed at a moment, as an SQL condition."""
    return exists().where(
        SellerClosure.seller_id == seller_id, SellerClosure.starts_at <= moment, SellerClosure.ends_at > moment
    )


def begins_within(seller_id: InstrumentedAttribute[int], first: datetime, last: Any) -> ColumnElement[bool]:
    """Whether a closure of the seller of a row begins after ``first`` and before ``last``, as an SQL condition."""
    return exists().where(
        SellerClosure.seller_id == seller_id, SellerClosure.starts_at > first, SellerClosure.starts_at < last
    )


def days_ahead(session: Session, seller_ids: Iterable[int]) -> dict[int, list[Days]]:
    """By seller, the closures that run now or lie ahead."""
    rows = session.execute(
        select(SellerClosure.seller_id, SellerClosure.closed_from, SellerClosure.closed_to)
        .where(SellerClosure.seller_id.in_(sorted(set(seller_ids))), SellerClosure.ends_at > now())
        .order_by(SellerClosure.starts_at)
    )
    found: dict[int, list[Days]] = defaultdict(list)
    for seller_id, first, last in rows:
        found[seller_id].append(Days(first, last))
    return dict(found)


def other_days(session: Session, seller_id: int, since: datetime, besides: int = 0) -> list[Days]:
    """Closures of one seller that end after ``since``, without the one numbered ``besides``."""
    query = select(SellerClosure.closed_from, SellerClosure.closed_to).where(
        SellerClosure.seller_id == seller_id, SellerClosure.ends_at > since, SellerClosure.id != besides
    )
    return [Days(first, last) for first, last in session.execute(query)]


def seller_with_closures(session: Session, seller_id: int, *, is_locked: bool = False) -> Seller:
    """A seller with their organisation; ``is_locked`` holds the row, so that two people enter one after the other."""
    query = select(Seller).where(Seller.id == seller_id).options(joinedload(Seller.organisation))
    if is_locked:
        query = query.with_for_update(of=Seller).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def seller_of_slug(session: Session, slug: str) -> Seller:
    """A seller with their organisation by the name in their address."""
    found = session.scalar(select(Seller).where(Seller.slug == slug).options(joinedload(Seller.organisation)))
    if found is None:
        raise NotFound
    return found


def closures_of(session: Session, seller_id: int) -> list[tuple[SellerClosure, ClosureState]]:
    """Closures that run or lie ahead in their order, then the last few that are over."""
    query = select(SellerClosure).where(SellerClosure.seller_id == seller_id)
    moment = now()
    ahead = session.scalars(query.where(SellerClosure.ends_at > moment).order_by(SellerClosure.starts_at)).all()
    over = session.scalars(
        query.where(SellerClosure.ends_at <= moment).order_by(SellerClosure.starts_at.desc()).limit(5)
    ).all()
    return [(row, state_at(moment, row.span)) for row in (*ahead, *over)]


def closure_of(session: Session, seller_id: int, key: str) -> SellerClosure:
    """One closure of this seller; `NotFound` for any other."""
    query = select(SellerClosure).where(SellerClosure.key == key, SellerClosure.seller_id == seller_id)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found
