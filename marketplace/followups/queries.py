"""A chapter's own leads with what it stated about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.followups.models import FollowUp
from marketplace.followups.rules import Result
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.partners.queries import chapter_of
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import RfqState


@dataclass(frozen=True, slots=True)
class ChapterLead:
    """A request of a distributor as the chapter may know it, never its words or its sellers."""

    id: int
    chapter_id: int
    key: str
    subject: str
    state: str
    destination: str
    submitted_at: datetime | None
    company: str
    country: str
    agreed_at: datetime | None  # of the deal that came of it here


@dataclass(frozen=True, slots=True)
class Counts:
    """How a chapter's leads stand, all of them together."""

    leads: int
    not_contacted: int
    contacted: int  # and still open
    closed: int
    sold: int


def chapter_lead(session: Session, actor: Actor, key: str) -> ChapterLead:
    """A lead that counts for the actor's chapter; `NotFound` for another chapter's and for drafts."""
    chapter = chapter_of(session, actor)
    found: Any = session.execute(
        select(
            Rfq.id, Rfq.chapter_id, Rfq.key, Rfq.subject, Rfq.state, Rfq.destination, Rfq.submitted_at,
            Organisation.name, Organisation.country, Deal.agreed_at,
        )
        .join(Organisation, Organisation.id == Rfq.buyer_id)
        .outerjoin(Deal, Deal.rfq_id == Rfq.id)
        .where(Rfq.key == key, Rfq.chapter_id == chapter.id, Rfq.state != RfqState.DRAFT)
    ).first()  # fmt: skip
    if found is None:
        raise NotFound
    return ChapterLead(*found)


def follow_up_of(session: Session, rfq_id: int, *, is_locked: bool = False) -> FollowUp | None:
    """What was stated about a request; whoever calls has checked whose lead it is."""
    query = select(FollowUp).where(FollowUp.rfq_id == rfq_id)
    if is_locked:
        query = query.with_for_update(of=FollowUp).execution_options(populate_existing=True)
    return session.scalar(query)


def follow_ups_by_key(session: Session, chapter_id: int, keys: Iterable[str]) -> dict[str, FollowUp]:
    """What this chapter stated about these requests, by the request's key."""
    rows = session.execute(
        select(Rfq.key, FollowUp)
        .join(Rfq, Rfq.id == FollowUp.rfq_id)
        .where(FollowUp.chapter_id == chapter_id, Rfq.key.in_(list(keys)))
    )
    return {str(row[0]): row[1] for row in rows}


def counts_of(session: Session, chapter_id: int) -> Counts:
    """All leads of a chapter by how far it has come with them, in one statement."""
    sold = FollowUp.result == Result.SOLD
    is_open = FollowUp.closed_at.is_(None)
    row = session.execute(
        select(
            func.count(Rfq.id),
            func.count(Rfq.id).filter(FollowUp.closed_at.is_not(None)),
            func.count(Rfq.id).filter(FollowUp.closed_at.is_not(None), sold),
            func.count(Rfq.id).filter(is_open, FollowUp.contacted_on.is_not(None)),
        )
        .outerjoin(FollowUp, FollowUp.rfq_id == Rfq.id)
        .where(Rfq.chapter_id == chapter_id, Rfq.state != RfqState.DRAFT)
    ).one()
    leads, closed, done, contacted = row
    return Counts(leads, leads - closed - contacted, contacted, closed, done)


def first_day(lead: ChapterLead) -> date:
    """The day before which nobody can have been contacted about it."""
    return lead.submitted_at.date() if lead.submitted_at else date.min
