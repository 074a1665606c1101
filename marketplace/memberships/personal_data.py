"""What this domain keeps about a person: plans they wrote and memberships they ordered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisations_left_empty
from marketplace.kernel.clock import now
from marketplace.kernel.money import Money
from marketplace.kernel.personal_data import ERASED_NAME, PersonalData, register
from marketplace.memberships.models import MembershipPlan, PaidMembership
from marketplace.memberships.queries import held_with
from marketplace.memberships.services import drop_order


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Plans the person wrote for their chapter, and memberships they ordered for their organisation."""
    plans = session.scalars(
        select(MembershipPlan).where(MembershipPlan.created_by_id == user_id).order_by(MembershipPlan.id)
    )
    ordered = session.scalars(
        select(PaidMembership).where(PaidMembership.ordered_by_id == user_id).order_by(PaidMembership.id)
    )
    return {
        "plans": [
            {"name": one.name, "services": one.services, "at": one.created_at.isoformat(), **_price(one)}
            for one in plans
        ],
        "memberships": [
            {
                "name": one.name, "at": one.ordered_at.isoformat(), **_price(one),
                "from": str(one.begins_on or ""), "until": str(one.ends_on or ""),
            }
            for one in ordered
        ],
    }  # fmt: skip


def erase(session: Session, user_id: int) -> None:
    """Plans and paid memberships stay with the organisations, without the person.

    Orders that wait for their money are cancelled where nobody is left of either side.
    A chapter that nobody is left of offers nothing any more: its words go from its plans, and from what was ordered
    only where nothing was paid.
    """
    unsynced = {"synchronize_session": False}
    closing = organisations_left_empty(session, user_id)
    plans = select(MembershipPlan.id).where(MembershipPlan.organisation_id.in_(closing))
    waiting = select(PaidMembership.key).where(
        or_(PaidMembership.plan_id.in_(plans), PaidMembership.organisation_id.in_(closing)),
        PaidMembership.begins_on.is_(None),
        PaidMembership.cancelled_at.is_(None),
    )
    for key in session.scalars(waiting.order_by(PaidMembership.id)).all():
        drop_order(session, next(one for one in held_with(session, key) if one.key == key))
    session.flush()
    nothing: dict[str, Any] = {"name": ERASED_NAME, "services": ""}
    for statement in (
        update(MembershipPlan).where(MembershipPlan.created_by_id == user_id).values(created_by_id=None),
        update(PaidMembership).where(PaidMembership.ordered_by_id == user_id).values(ordered_by_id=None),
        update(PaidMembership)
        .where(PaidMembership.plan_id.in_(plans), PaidMembership.begins_on.is_(None))
        .values(**nothing),
        update(MembershipPlan).where(MembershipPlan.organisation_id.in_(closing)).values(withdrawn_at=now(), **nothing),
    ):
        session.execute(statement, execution_options=unsynced)
    session.expire_all()


def _price(row: MembershipPlan | PaidMembership) -> dict[str, str]:
    amount = Money(row.minor, row.currency)
    return {"price": str(amount.amount), "currency": amount.currency, "months": str(row.months)}


register(PersonalData("memberships", export, erase))
