"""Who may offer memberships, and who may order and see them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select

from marketplace.accounts.models import Organisation
from marketplace.kernel.policy import Actor
from marketplace.memberships.models import MembershipPlan, PaidMembership


def offered_by(actor: Actor) -> ColumnElement[bool]:
    """Plans of the actor's own chapter, as an SQL condition."""
    if not actor.is_partner or actor.is_suspended:
        return false()
    return MembershipPlan.organisation_id == actor.organisation_id


def may_be_member(actor: Actor) -> bool:
    """Whether somebody's organisation can have memberships: sellers and buyers."""
    return (actor.is_seller or actor.is_buyer) and actor.organisation_id is not None and not actor.is_suspended


def held_by(actor: Actor) -> ColumnElement[bool]:
    """Memberships of the actor's own organisation, as an SQL condition."""
    return PaidMembership.organisation_id == actor.organisation_id if may_be_member(actor) else false()


def known_to(actor: Actor) -> ColumnElement[bool]:
    """What the actor's organisation ordered, or others ordered of its chapter, as an SQL condition."""
    return held_by(actor) | PaidMembership.plan_id.in_(select(MembershipPlan.id).where(offered_by(actor)))


def to_be_ordered() -> ColumnElement[bool]:
    """Plans that can be ordered: not withdrawn, of chapters that are not suspended."""
    suspended = select(Organisation.id).where(Organisation.suspended_at.is_not(None))
    return MembershipPlan.withdrawn_at.is_(None) & MembershipPlan.organisation_id.not_in(suspended)
