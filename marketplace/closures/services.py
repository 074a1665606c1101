"""A seller closes for some days, moves them, opens again; whoever keeps clocks is told by event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.closures.events import ClosedByMentor, ClosureChanged, ClosureTurned
from marketplace.closures.models import SellerClosure
from marketplace.closures.policies import may_close
from marketplace.closures.presets import PresetKind
from marketplace.closures.queries import closure_of, other_days, seller_with_closures, spans_of
from marketplace.closures.rules import (
    FARTHEST_DAYS,
    LONGEST_DAYS,
    MOST_AHEAD,
    MOST_IN_A_YEAR,
    NOTE_LENGTH,
    ClosureState,
    Days,
    Span,
    day_there,
    most_in_a_year,
    overlapping,
    state_at,
)
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.events import record
from marketplace.kernel.policy import Actor, require
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.text import cleaned
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class ClosureDraft:
    """First and last day, and a word for buyers."""

    first: date
    last: date
    note: str = ""
    reason: str = ""


def close_seller(session: Session, actor: Actor, seller_id: int, draft: ClosureDraft) -> SellerClosure:
    """Enter a closure; leads that wait for an answer wait until after it. `DomainError` names what cannot stand."""
    seller, before = _held(session, actor, seller_id)
    days = _checked(session, seller, draft)
    if days.first < day_there(now()):
        raise DomainError(_("The first day has passed. Choose today or a later day."))
    begins, ends = days.span
    row = SellerClosure(
        key=new_public_key(),
        seller_id=seller.id,
        closed_from=days.first,
        closed_to=days.last,
        starts_at=begins,
        ends_at=ends,
        reason=draft.reason if draft.reason in set(PresetKind) else "",
        note=cleaned(draft.note, NOTE_LENGTH),
        created_by_id=actor.user_id,
        created_at=now(),
        is_begun_noted=begins <= now(),
    )
    session.add(row)
    session.flush()  # the events need it
    _audited_closure(session, actor, seller, before, "closure.set", row)
    if actor.is_staff:
        record(session, ClosedByMentor(row.id))
    return row


def change_closure(
    session: Session, actor: Actor, seller_id: int, key: str, version: int, draft: ClosureDraft
) -> SellerClosure:
    """Move a closure's days or say something else. One that runs keeps its first day; one that is over stays.

    `Conflict` where it is over or changed meanwhile, `DomainError` for days that cannot stand.
    """
    seller, before = _held(session, actor, seller_id)
    row, state = _to_change(session, seller, key, version)
    days = _checked(session, seller, draft, besides=row.id)
    today = day_there(now())
    if state is ClosureState.RUNNING and days.first != row.closed_from:
        raise DomainError(_("This closure has begun already, so its first day stays."))
    if state is ClosureState.AHEAD and days.first < today:
        raise DomainError(_("The first day has passed. Choose today or a later day."))
    if days.last < today:
        raise DomainError(_("The last day has passed. To answer again today, open again."))
    row.closed_from, row.closed_to, row.note = days.first, days.last, cleaned(draft.note, NOTE_LENGTH)
    row.starts_at, row.ends_at = days.span
    session.flush()  # the handlers read the moments
    _audited_closure(session, actor, seller, before, "closure.changed", row)
    return row


def open_again(session: Session, actor: Actor, seller_id: int, key: str, version: int) -> None:
    """End a closure that runs, from this moment on; one that lies ahead is taken back altogether.

    `Conflict` where it is over or changed meanwhile.
    """
    seller, before = _held(session, actor, seller_id)
    row, state = _to_change(session, seller, key, version)
    if state is ClosureState.AHEAD:
        session.delete(row)
    else:
        row.ends_at, row.is_over_noted = now(), True
        row.closed_to = max(row.closed_from, day_there(now()))
    session.flush()  # the handlers read what is left
    _audited_closure(session, actor, seller, before, "closure.ended", row)


def note_turns(session: Session, most: int = 100) -> int:
    """Have pages made anew whose seller closed or opened again by the clock; gives how many turned."""
    moment = now()
    begun = (SellerClosure.starts_at <= moment) & SellerClosure.is_begun_noted.is_(False)
    over = (SellerClosure.ends_at <= moment) & SellerClosure.is_over_noted.is_(False)
    rows = session.scalars(
        select(SellerClosure)
        .where(SellerClosure.is_over_noted.is_(False), or_(begun, over))
        .order_by(SellerClosure.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.is_begun_noted, row.is_over_noted = True, row.ends_at <= moment
        record(session, ClosureTurned(row.seller_id))
    return len(rows)


def _held(session: Session, actor: Actor, seller_id: int) -> tuple[Seller, list[Span]]:
    """The seller, locked, and the spans as they are before anything changes."""
    seller = seller_with_closures(session, seller_id, is_locked=True)
    require(may_close(actor, seller))
    return seller, spans_of(session, seller.id, now())


def _to_change(session: Session, seller: Seller, key: str, version: int) -> tuple[SellerClosure, ClosureState]:
    """The closure as the actor saw it, which is not over."""
    row = closure_of(session, seller.id, key)
    if row.version != version:
        raise Conflict(_("Somebody changed this closure meanwhile. Look at it again."))
    state = state_at(now(), row.span)
    if state is ClosureState.OVER:
        raise Conflict(_("This closure is over. Enter a new one."))
    return row, state


def _checked(session: Session, seller: Seller, draft: ClosureDraft, besides: int = 0) -> Days:
    days = Days(draft.first, draft.last)
    if days.last < days.first:
        raise DomainError(_("The last day lies before the first. Check both."))
    if (days.last - days.first).days >= LONGEST_DAYS:
        raise DomainError(_("A closure lasts at most %(days)s days.", days=LONGEST_DAYS))
    if (days.last - day_there(now())).days > FARTHEST_DAYS:
        raise DomainError(_("Choose days within the next three years."))
    others = other_days(session, seller.id, now(), besides)
    if overlapping(days, others):
        raise DomainError(_("Another closure holds some of these days already. Change that one."))
    if len(others) >= MOST_AHEAD:
        raise DomainError(_("Up to %(count)s closures can lie ahead.", count=MOST_AHEAD))
    of_a_year = other_days(session, seller.id, now() - timedelta(days=365), besides)
    if most_in_a_year([days, *of_a_year]) > MOST_IN_A_YEAR:
        raise DomainError(_("Within twelve months at most %(days)s days can be closed.", days=MOST_IN_A_YEAR))
    return days


def _audited_closure(
    session: Session, actor: Actor, seller: Seller, before: list[Span], what: str, row: SellerClosure
) -> None:
    audit(session, actor, what, f"seller:{seller.id}", days=f"{row.closed_from}/{row.closed_to}")
    record(session, ClosureChanged(seller.id, tuple(before)))
