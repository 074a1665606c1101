"""Who takes part in meetings, and who may read one: its two sides and whoever looks after the fair."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select

from marketplace.accounts.models import Organisation
from marketplace.fairs.models import Fair
from marketplace.kernel.policy import ALLOWED, HIDDEN, Actor, Decision
from marketplace.meetings.models import Meeting, MeetingGuest, MeetingPlan
from marketplace.partners.models import Chapter


def may_take_part(actor: Actor) -> Decision:
    """Sellers and buyers of organisations that are not suspended; a seller's approval is checked at joining."""
    can = (actor.is_seller or actor.is_buyer) and actor.organisation_id is not None and not actor.is_suspended
    return ALLOWED if can else HIDDEN


def guest_of(actor: Actor) -> ColumnElement[bool]:
    """The actor's own participation, as an SQL condition on guests."""
    return MeetingGuest.organisation_id == actor.organisation_id if may_take_part(actor) else false()


def met_by(actor: Actor) -> ColumnElement[bool]:
    """Meetings in which the actor's organisation is one of the two, as an SQL condition."""
    own = select(MeetingGuest.id).where(guest_of(actor))
    return Meeting.asker_id.in_(own) | Meeting.asked_id.in_(own)


def arranged_at() -> ColumnElement[bool]:
    """Fairs at which meetings are arranged: with a plan, not withdrawn, of chapters that are not suspended."""
    suspended = (
        select(Chapter.id)
        .join(Organisation, Organisation.id == Chapter.organisation_id)
        .where(Organisation.suspended_at.is_not(None))
    )
    return (
        Fair.id.in_(select(MeetingPlan.fair_id))
        & Fair.withdrawn_at.is_(None)
        & (Fair.chapter_id.is_(None) | Fair.chapter_id.not_in(suspended))
    )
