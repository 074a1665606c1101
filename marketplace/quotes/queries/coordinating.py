"""Pools that a chapter coordinates, and which chapters a seller may name for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.partners.models import Attribution, Chapter
from marketplace.quotes.models import QuotePool, QuoteShare
from marketplace.quotes.policies import named_to_coordinate
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class Coordination:
    """A pool as the chapter that was named for it finds it: ``key`` is the lead's, ``seller`` sells all of it."""

    key: str
    pool: QuotePool
    seller: str
    request_state: str

    @property
    def is_agreed(self) -> bool:
        """Whether the chapter has said yes; before that it reads no more than this."""
        return self.pool.coordinator_agreed_at is not None


def coordinations(session: Session, actor: Actor) -> list[Coordination]:
    """All pools for which the actor's chapter was named, those that wait for its answer first."""
    rows = session.execute(
        _named(actor).order_by(QuotePool.coordinator_agreed_at.is_not(None), QuotePool.id.desc()).limit(100)
    )
    return [Coordination(*row) for row in rows]


def coordination(session: Session, actor: Actor, key: str) -> Coordination:
    """One of them; `NotFound` for a pool that names another chapter, or none."""
    found = session.execute(_named(actor).where(Recipient.key == key)).first()
    if found is None:
        raise NotFound
    return Coordination(*found)


def chapters_to_name(session: Session, pool_id: int | None, organisation_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Key and name of chapters to which one of these companies, or a member of the pool, is attributed, by name."""
    members = (
        select(Seller.organisation_id)
        .join(QuoteShare, QuoteShare.seller_id == Seller.id)
        .where(QuoteShare.pool_id == pool_id)
    )
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(Chapter, Chapter.organisation_id == Organisation.id)
        .join(Attribution, Attribution.chapter_id == Chapter.id)
        .where(
            Organisation.suspended_at.is_(None),
            Attribution.organisation_id.in_(organisation_ids) | Attribution.organisation_id.in_(members),
        )
        .distinct()
        .order_by(Organisation.name, Organisation.id)
    )
    return [(key, name) for key, name in rows]


def coordinator_name(session: Session, pool: QuotePool) -> str:
    """The name of the chapter that was named; empty where there is none."""
    if pool.coordinator_id is None:
        return ""
    return session.scalars(select(Organisation.name).where(Organisation.id == pool.coordinator_id)).one()


def _named(actor: Actor) -> Select[str, QuotePool, str, str]:
    return (
        select(Recipient.key, QuotePool, Organisation.name, Rfq.state)
        .join(Recipient, Recipient.id == QuotePool.recipient_id)
        .join(Rfq, Rfq.id == Recipient.rfq_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(named_to_coordinate(actor))
    )
