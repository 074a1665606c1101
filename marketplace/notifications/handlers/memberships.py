"""Memberships: what their events tell members and chapters."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import member_ids
from marketplace.kernel.events import on
from marketplace.memberships.events import MembershipBegun, MembershipEnding
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


@on(MembershipEnding)
def say_ending(session: Session, event: MembershipEnding) -> None:
    """The member learns of the last day in time."""
    row = session.get_one(PaidMembership, event.membership_id)
    member = session.get_one(Organisation, row.organisation_id)
    _tell(session, row, Kind.MEMBERSHIP_ENDING, to=member, other=chapter_behind(session, row), href="/memberships")


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
