"""Writes on memberships: plans are offered, changed and withdrawn; orders begin with their money and end with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Organisation
from marketplace.i18n.locales import known
from marketplace.kernel.audit import audit
from marketplace.kernel.clock import now, today
from marketplace.kernel.currencies import CURRENCIES
from marketplace.kernel.errors import Conflict, DomainError, NotFound
from marketplace.kernel.events import record
from marketplace.kernel.money import Money
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, require
from marketplace.kernel.public_keys import new_public_key
from marketplace.kernel.text import cleaned
from marketplace.memberships.events import MembershipBegun, MembershipEnding, MembershipOutdated, MembershipTakenBack
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.policies import held_by, known_to, may_be_member, offered_by
from marketplace.memberships.queries import held_with, orderable_plan, plan_of_chapter, state_of
from marketplace.memberships.rules import (
    MOST_MONTHS,
    MOST_PLANS,
    NAME_LENGTH,
    ORDER_STANDS,
    SERVICES_LENGTH,
    TOLD_BEFORE,
    EndedWhy,
    MembershipState,
    first_day,
    last_day,
)
from marketplace.partners.queries import chapter_of
from marketplace.payments.models import Payment
from marketplace.payments.queries import payment_about, settlement_account_of
from marketplace.payments.rules import AccountState, PaymentState, Purpose
from marketplace.payments.services import cancel_payment, demand
from marketplace.payments.stripe_limits import SMALLEST_CHARGE

# smallest units; the card company takes eight digits at once, and twelve of rupiah
LARGEST_PRICE, LARGEST_IN_RUPIAH = 99_999_999, 999_999_999_999


@dataclass(frozen=True)
class PlanDraft:
    """What a chapter says of a plan; ``language`` is the one its words are in."""

    name: str
    services: str
    language: str
    price: Money
    months: int


def offer_plan(session: Session, actor: Actor, draft: PlanDraft) -> MembershipPlan:
    """A new plan of the actor's chapter. `DomainError` names what is wrong."""
    require(ALLOWED if actor.is_partner and not actor.is_suspended else HIDDEN)
    chapter = chapter_of(session, actor)
    session.execute(select(Organisation.id).where(Organisation.id == chapter.organisation_id).with_for_update())
    offered = select(func.count(MembershipPlan.id)).where(offered_by(actor), MembershipPlan.withdrawn_at.is_(None))
    if int(session.scalar(offered) or 0) >= MOST_PLANS:
        raise DomainError(
            _("A chapter offers up to %(count)s memberships. Withdraw one before you offer another.", count=MOST_PLANS)
        )
    plan = MembershipPlan(
        key=new_public_key(),
        organisation_id=chapter.organisation_id,
        created_by_id=actor.user_id,
        created_at=now(),
    )
    _apply(plan, draft)
    session.add(plan)
    audit(session, actor, "membership_plan.offered", f"membership_plan:{plan.key}")
    return plan


def change_plan(session: Session, actor: Actor, key: str, version: int, draft: PlanDraft) -> MembershipPlan:
    """Say something else of a plan; what was ordered stays as it was. `Conflict` if it changed meanwhile."""
    plan = _to_change(session, actor, key, version)
    _apply(plan, draft)
    audit(session, actor, "membership_plan.changed", f"membership_plan:{plan.key}")
    return plan


def withdraw_plan(session: Session, actor: Actor, key: str, version: int) -> None:
    """Nobody can order the plan any more; what was ordered stays."""
    _to_change(session, actor, key, version).withdrawn_at = now()
    audit(session, actor, "membership_plan.withdrawn", f"membership_plan:{key}")


def order_membership(session: Session, actor: Actor, key: str, version: int) -> tuple[PaidMembership, Payment]:
    """Order a plan as it was read; an order of the same organisation that waits for its money is given again.

    `NotFound` for a plan that cannot be ordered, `Conflict` where it says something else by now.
    """
    require(ALLOWED if may_be_member(actor) else HIDDEN)
    plan = orderable_plan(session, key)
    found = _waiting(session, plan.id, actor)
    if found is not None:
        return found, _payment(session, found)
    if plan.version != version:
        raise Conflict(_("The chapter changed this membership meanwhile. Look at it again before you order."))
    membership = PaidMembership(
        key=new_public_key(),
        plan_id=plan.id,
        organisation_id=actor.organisation_id,
        name=plan.name,
        services=plan.services,
        language=plan.language,
        minor=plan.minor,
        currency=plan.currency,
        months=plan.months,
        ordered_by_id=actor.user_id,
        ordered_at=now(),
    )
    session.add(membership)
    account = settlement_account_of(session, plan.organisation_id)
    takes = account is not None and account.state == AccountState.ACTIVE
    session.flush()  # a payment refers to what exists
    payment = demand(
        session,
        membership.about,
        Purpose.MEMBERSHIP,
        membership.name,
        Money(membership.minor, membership.currency),
        payer_id=membership.organisation_id,
        payee_id=plan.organisation_id,
        settlement_account_id=account.id if takes and account is not None else None,
    )
    audit(session, actor, "membership.ordered", f"membership:{membership.key}")
    return membership, payment


def cancel_membership(session: Session, actor: Actor, key: str, version: int) -> None:
    """The member does without an order that is not paid yet, or the chapter takes it back.

    `NotFound` for others, `Conflict` where it is paid or on its way.
    """
    if session.scalar(select(PaidMembership.id).where(PaidMembership.key == key, known_to(actor))) is None:
        raise NotFound
    membership = next(one for one in held_with(session, key) if one.key == key)
    payment = _payment(session, membership)
    if (
        membership.version != version
        or state_of(membership) is not MembershipState.ORDERED
        or payment.state != PaymentState.DUE
    ):
        raise Conflict(_("This order has changed meanwhile. Reload the page to see how it stands now."))
    drop_order(session, membership)
    if membership.organisation_id != actor.organisation_id:
        record(session, MembershipTakenBack(membership.id))
    audit(session, actor, "membership.cancelled", f"membership:{key}")


def cancel_outdated(session: Session, most: int = 100) -> int:
    """Cancel orders that waited too long for their money, of plans that are withdrawn or cost something else by now.

    Gives how many were looked at.
    """
    query = (
        select(PaidMembership.key)
        .join(MembershipPlan, MembershipPlan.id == PaidMembership.plan_id)
        .join(Payment, Payment.about == "membership:" + PaidMembership.key)
        .where(
            PaidMembership.begins_on.is_(None),
            PaidMembership.cancelled_at.is_(None),
            PaidMembership.ordered_at < now() - ORDER_STANDS,
            Payment.state == PaymentState.DUE,
            or_(
                MembershipPlan.withdrawn_at.is_not(None),
                MembershipPlan.minor != PaidMembership.minor,
                MembershipPlan.currency != PaidMembership.currency,
            ),
        )
    )
    keys = session.scalars(query.order_by(PaidMembership.id).limit(most)).all()
    for key in keys:
        membership = next(one for one in held_with(session, key) if one.key == key)
        if not drop_order(session, membership):  # paid before its lock was had
            continue
        record(session, MembershipOutdated(membership.id))
        audit(session, None, "membership.cancelled", f"membership:{key}")
    return len(keys)


def drop_order(session: Session, membership: PaidMembership) -> bool:
    """An order that waits for its money waits no longer; what is paid already stays. Whether it had waited."""
    if state_of(membership) is not MembershipState.ORDERED:
        return False
    membership.cancelled_at = now()
    cancel_payment(session, _payment(session, membership))
    return True


def begin_membership(session: Session, key: str) -> None:
    """The whole price has arrived: it runs from today, or from the day after those of the same plan that run on."""
    held = held_with(session, key)
    membership = next((one for one in held if one.key == key), None)
    if membership is None or membership.begins_on is not None or membership.cancelled_at is not None:
        return
    paid = [(one.begins_on, one.ends_on) for one in held if one.begins_on and one.ends_on and one.ended_at is None]
    membership.begins_on = first_day(today(), paid)
    membership.ends_on = last_day(membership.begins_on, membership.months)
    record(session, MembershipBegun(membership.id))


def end_membership(session: Session, key: str, why: EndedWhy) -> None:
    """The whole price went back: a membership that runs or lies ahead ends today; one that is over stays over."""
    membership = next((one for one in held_with(session, key) if one.key == key), None)
    if membership is None or state_of(membership) not in {MembershipState.RUNNING, MembershipState.AHEAD}:
        return
    membership.ended_at, membership.ended_why = now(), why


def tell_ending(session: Session, most: int = 100) -> int:
    """Have members told whose membership ends soon, each once; gives how many were told.

    Where the next one is paid nobody is told and nothing noted, so that they are told if that one is given back.
    """
    day = today()
    following = aliased(PaidMembership)
    goes_on = select(following.id).where(
        following.plan_id == PaidMembership.plan_id,
        following.organisation_id == PaidMembership.organisation_id,
        following.begins_on <= day + TOLD_BEFORE + timedelta(days=1),
        following.ends_on > PaidMembership.ends_on,
        following.ended_at.is_(None),
    )
    query = (
        select(PaidMembership)
        .where(
            PaidMembership.ends_on >= day,
            PaidMembership.ends_on <= day + TOLD_BEFORE,
            PaidMembership.begins_on <= day,
            PaidMembership.ended_at.is_(None),
            PaidMembership.end_told_at.is_(None),
            ~goes_on.exists(),
        )
        .order_by(PaidMembership.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(query).all()
    for one in rows:
        one.end_told_at = now()
        record(session, MembershipEnding(one.id))
    return len(rows)


def _waiting(session: Session, plan_id: int, actor: Actor) -> PaidMembership | None:
    query = select(PaidMembership).where(
        PaidMembership.plan_id == plan_id,
        held_by(actor),
        PaidMembership.begins_on.is_(None),
        PaidMembership.cancelled_at.is_(None),
    )
    return session.scalar(query.order_by(PaidMembership.id).limit(1).execution_options(populate_existing=True))


def _payment(session: Session, membership: PaidMembership) -> Payment:
    payment = payment_about(session, membership.about)
    if payment is None:
        raise NotFound
    return payment


def _to_change(session: Session, actor: Actor, key: str, version: int) -> MembershipPlan:
    plan = plan_of_chapter(session, actor, key, is_locked=True)
    if plan.withdrawn_at is not None:
        raise Conflict(_("This membership is withdrawn already."))
    if plan.version != version:
        raise Conflict(_("Somebody changed this membership meanwhile. Look at it again."))
    return plan


def _apply(plan: MembershipPlan, draft: PlanDraft) -> None:
    name, services = cleaned(draft.name, NAME_LENGTH), cleaned(draft.services, SERVICES_LENGTH)
    if not name:
        raise DomainError(_("Write the name of the membership."))
    if not services:
        raise DomainError(_("Write which services the membership pays for."))
    most = LARGEST_IN_RUPIAH if draft.price.currency == "IDR" else LARGEST_PRICE
    if draft.price.currency not in CURRENCIES or not 0 < draft.price.minor <= most:
        raise DomainError(_("Give a price above zero that can be paid at once."))
    if draft.price.minor < SMALLEST_CHARGE.get(draft.price.currency, 0):
        raise DomainError(_("That price is too small to be paid by card. Give a higher one."))
    if not 1 <= draft.months <= MOST_MONTHS:
        raise DomainError(_("A membership runs for 1 to %(months)s months.", months=MOST_MONTHS))
    plan.name, plan.services, plan.language = name, services, known(draft.language)
    plan.minor, plan.currency, plan.months = draft.price.minor, draft.price.currency, draft.months
