"""Reads of plans and memberships, each with how it stands today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, case, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.clock import today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.money import Money
from marketplace.kernel.paging import Page, page_of
from marketplace.kernel.policy import Actor
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.policies import held_by, offered_by, to_be_ordered
from marketplace.memberships.rules import EndedWhy, MembershipFacts, MembershipState, state_on
from marketplace.partners.models import Chapter
from marketplace.partners.queries import attributed_chapter
from marketplace.payments.models import Payment
from marketplace.payments.rules import PaymentState

_FILTER = select(MembershipPlan).execution_options(populate_existing=True)
_NOT_GONE = {PaymentState.PAID, PaymentState.PARTLY_REFUNDED}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in a list; ``open_payment`` is the key of the payment that the reader's open order waits for."""

    plan: MembershipPlan
    amount: Money
    chapter: str
    open_payment: str = ""


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A membership in a list, with the other side's name and the key of its payment."""

    membership: PaidMembership
    amount: Money
    state: MembershipState
    until: date | None
    other: str
    payment: str
    is_unsettled: bool  # it ended because the price was given back, and the bank could not credit that after all


def plan_of_chapter(session: Session, actor: Actor, key: str, *, is_locked: bool = False) -> MembershipPlan:
    """A plan of the actor's own chapter; anything else does not exist."""
    query = _FILTER.where(MembershipPlan.key == key, offered_by(actor))
    found = session.scalar(query.with_for_update() if is_locked else query)
    if found is None:
        raise NotFound
    return found


def orderable_plan(session: Session, key: str) -> MembershipPlan:
    """A plan that can be ordered, with its row lock; `NotFound` for one that is withdrawn or of a suspended chapter."""
    found = session.scalar(_FILTER.where(MembershipPlan.key == key, to_be_ordered()).with_for_update())
    if found is None:
        raise NotFound
    return found


def plans_of_chapter(session: Session, actor: Actor) -> list[PlanRow]:
    """All plans of the actor's chapter, those that are offered first, the newest first."""
    query = select(MembershipPlan).where(offered_by(actor))
    query = query.order_by(MembershipPlan.withdrawn_at.is_not(None), MembershipPlan.id.desc()).limit(100)
    return [PlanRow(one, Money(one.minor, one.currency), "") for one in session.scalars(query)]


def members_of_chapter(session: Session, actor: Actor, number: int) -> Page[MembershipRow]:
    """What was ordered of the actor's chapter, newest first, with the members' names."""
    query = (
        select(PaidMembership, Organisation.name, Payment.key, Payment.state)
        .join(MembershipPlan, MembershipPlan.id == PaidMembership.plan_id)
        .join(Organisation, Organisation.id == PaidMembership.organisation_id)
        .join(Payment, Payment.about == "membership:" + PaidMembership.key)
        .where(offered_by(actor))
        .order_by(PaidMembership.id.desc())
    )
    return _shown(page_of(session, query, number))


def memberships_of(session: Session, actor: Actor, number: int) -> Page[MembershipRow]:
    """The memberships of the actor's organisation, newest first, with the chapters' names."""
    query = (
        select(PaidMembership, Organisation.name, Payment.key, Payment.state)
        .join(MembershipPlan, MembershipPlan.id == PaidMembership.plan_id)
        .join(Organisation, Organisation.id == MembershipPlan.organisation_id)
        .join(Payment, Payment.about == "membership:" + PaidMembership.key)
        .where(held_by(actor))
        .order_by(PaidMembership.id.desc())
    )
    return _shown(page_of(session, query, number))


def plans_for(session: Session, actor: Actor) -> list[PlanRow]:
    """What sellers and buyers can order: the chapter that looks after them first, then by the chapters' names.

    At most `MOST_PLANS` of each chapter.
    """
    own = attributed_chapter(session, actor.organisation_id or 0)
    rows = session.execute(
        select(MembershipPlan, Organisation.name)
        .join(Organisation, Organisation.id == MembershipPlan.organisation_id)
        .join(Chapter, Chapter.organisation_id == Organisation.id)
        .where(to_be_ordered())
        .order_by(case((Chapter.id == own, 0), else_=1), Organisation.name, MembershipPlan.id)
    ).all()
    waiting = dict(
        session.execute(
            select(PaidMembership.plan_id, Payment.key)
            .join(Payment, Payment.about == "membership:" + PaidMembership.key)
            .where(held_by(actor), PaidMembership.begins_on.is_(None), PaidMembership.cancelled_at.is_(None))
        ).all()
    )
    return [PlanRow(plan, Money(plan.minor, plan.currency), name, waiting.get(plan.id, "")) for plan, name in rows]


def memberships_on(session: Session, plan_id: int, organisation_id: int) -> Sequence[PaidMembership]:
    """Every membership of one plan that an organisation ordered, oldest first, with their row locks."""
    query = (
        select(PaidMembership)
        .where(PaidMembership.plan_id == plan_id, PaidMembership.organisation_id == organisation_id)
        .order_by(PaidMembership.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def held_with(session: Session, key: str) -> Sequence[PaidMembership]:
    """A membership and all that the same organisation ordered of its plan, with their row locks; empty: unknown."""
    row = session.execute(
        select(PaidMembership.plan_id, PaidMembership.organisation_id).where(PaidMembership.key == key)
    ).one_or_none()
    return [] if row is None else memberships_on(session, *row)


def chapter_behind(session: Session, membership: PaidMembership) -> Organisation:
    """The organisation of the chapter that sells a membership."""
    query = select(Organisation).join(MembershipPlan, MembershipPlan.organisation_id == Organisation.id)
    return session.scalars(query.where(MembershipPlan.id == membership.plan_id)).one()


def state_of(membership: PaidMembership) -> MembershipState:
    """How a membership stands today."""
    facts = MembershipFacts(
        membership.begins_on,
        membership.ends_on,
        is_cancelled=membership.cancelled_at is not None,
        is_ended=membership.ended_at is not None,
    )
    return state_on(today(), facts)


def last_day_of(membership: PaidMembership) -> date | None:
    """The day up to which a membership runs or ran; None before it is paid."""
    return membership.ended_at.date() if membership.ended_at is not None else membership.ends_on


def _shown(page: Page[Row[PaidMembership, str, str, str]]) -> Page[MembershipRow]:
    rows = [
        MembershipRow(
            one,
            Money(one.minor, one.currency),
            state_of(one),
            last_day_of(one),
            name,
            payment,
            is_unsettled=one.ended_why == EndedWhy.GIVEN_BACK and state in _NOT_GONE,
        )
        for one, name, payment, state in page.items
    ]
    return Page(rows, page.number, page.size, page.has_next)
