"""Memberships: what their events tell members and chapters."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import on
from marketplace.memberships.events import MembershipBegun, MembershipEnding, MembershipOutdated, MembershipTakenBack
from marketplace.memberships.models import PaidMembership
from marketplace.memberships.queries import chapter_behind
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import notify


@on(MembershipBegun)
def say_begun(session: Session, event: MembershipBegun) -> None:
    """Both sides learn from when to when it runs."""
    row = session.get_one(PaidMembership, event.membership_id)
    chapter = chapter_behind(session, row)
    member = session.get_one(Organisation, row.organisation_id)
    _tell(session, row, Kind.MEMBERSHIP_BEGUN, to=member, other=chapter, href="/memberships")
    _tell(session, row, Kind.MEMBERSHIP_SOLD, to=chapter, other=member, href="/partner/memberships")


@on(MembershipTakenBack)
def say_taken_back(session: Session, event: MembershipTakenBack) -> None:
    """The member learns that there is nothing to pay any more."""
    _tell_member(session, event.membership_id, Kind.MEMBERSHIP_TAKEN_BACK)


@on(MembershipOutdated)
def say_outdated(session: Session, event: MembershipOutdated) -> None:
    """The member learns that the order waits no longer, and may order what is offered now."""
    _tell_member(session, event.membership_id, Kind.MEMBERSHIP_OUTDATED)


@on(MembershipEnding)
def say_ending(session: Session, event: MembershipEnding) -> None:
    """The member learns of the last day in time."""
    _tell_member(session, event.membership_id, Kind.MEMBERSHIP_ENDING)


def _tell_member(session: Session, membership_id: int, kind: Kind) -> None:
    row = session.get_one(PaidMembership, membership_id)
    member = session.get_one(Organisation, row.organisation_id)
    _tell(session, row, kind, to=member, other=chapter_behind(session, row), href="/memberships")


def _tell(
    session: Session, row: PaidMembership, kind: Kind, *, to: Organisation, other: Organisation, href: str
) -> None:
    words = {
        "product": row.name,
        "organisation": other.name,
        "begins": str(row.begins_on or ""),
        "date": str(row.ends_on or ""),
    }
    notify(session, kind, f"membership:{row.id}", member_ids(session, to.id), words, href)
