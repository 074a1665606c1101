"""Pools as their coordinator and their members read them, always through the owner check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.rules import ListingState
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.quotes.models import Deal, Quote, QuotePool, QuoteShare, QuoteVersion
from marketplace.quotes.policies import own_shares
from marketplace.quotes.rules import ShareState
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.policies import can_be_asked
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller


def pool_of(session: Session, recipient_id: int) -> QuotePool | None:
    """The pool of a lead with its shares and their sellers; whoever calls has checked the reader."""
    return session.scalar(_with_shares().where(QuotePool.recipient_id == recipient_id))


def pool_of_share(session: Session, share: QuoteShare) -> QuotePool:
    """The pool of a share that was read through its owner, with all shares."""
    return session.scalars(_with_shares().where(QuotePool.id == share.pool_id)).one()


def _with_shares() -> Select[QuotePool]:
    return (
        select(QuotePool)
        .options(selectinload(QuotePool.shares).joinedload(QuoteShare.seller).joinedload(Seller.organisation))
        .execution_options(populate_existing=True)
    )


def share_of(session: Session, actor: Actor, key: str) -> QuoteShare:
    """A share of one's own company; `NotFound` for anybody else's."""
    found = session.scalar(select(QuoteShare).join(QuoteShare.seller).where(QuoteShare.key == key, own_shares(actor)))
    if found is None:
        raise NotFound
    return found


def shares_of(session: Session, actor: Actor) -> list[tuple[QuoteShare, str]]:
    """All shares offered to one's own company, newest first, with the coordinator's name."""
    own, coordinator = select(Seller.id).where(Seller.organisation_id == actor.organisation_id), Organisation
    rows = session.execute(
        select(QuoteShare, coordinator.name)
        .join(QuoteShare.pool)
        .join(Recipient, Recipient.id == QuotePool.recipient_id)
        .join(Seller, Seller.id == Recipient.seller_id)
        .join(coordinator, coordinator.id == Seller.organisation_id)
        .where(QuoteShare.seller_id.in_(own))
        .options(contains_eager(QuoteShare.pool))
        .order_by(QuoteShare.id.desc())
        .limit(100)
    ).all()
    return [(share, name) for share, name in rows]


def coordinator_of(session: Session, pool: QuotePool) -> str:
    """The name of the seller who coordinates."""
    return session.scalars(
        select(Organisation.name)
        .join(Seller, Seller.organisation_id == Organisation.id)
        .join(Recipient, Recipient.seller_id == Seller.id)
        .where(Recipient.id == pool.recipient_id)
    ).one()


def buyer_of_sold(session: Session, pool: QuotePool, share: QuoteShare) -> Organisation | None:
    """The buyer, for a member whose share was part of the version that was accepted; None before."""
    found = session.execute(
        select(Organisation, QuoteVersion.shares)
        .join(Deal, Deal.buyer_id == Organisation.id)
        .join(QuoteVersion, QuoteVersion.id == Deal.version_id)
        .where(Deal.recipient_id == pool.recipient_id)
    ).first()
    if found is None or share.id not in {one["share_id"] for one in found[1] or ()}:
        return None
    buyer: Organisation = found[0]
    return buyer


def who_could_join(session: Session, pool: QuotePool, seller_id: int) -> Sequence[tuple[Product, str]]:
    """Listed goods of the same commodity of other sellers, the largest capacity first; all of it is public."""
    taken = [one.seller_id for one in pool.shares if one.state in {ShareState.INVITED, ShareState.AGREED}]
    rows = session.execute(
        select(Product, Organisation.name)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(
            Product.commodity == pool.commodity,
            Product.state == ListingState.LISTED,
            Product.seller_id.not_in([seller_id, *taken]),
            can_be_asked(),
        )
        .order_by(Product.capacity_per_month.desc().nulls_last(), Product.id)
        .limit(60)
    ).all()
    return [(product, name) for product, name in rows]


def share_names(session: Session, shares: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Names of members by key of the seller, as they are called now; only of those who agreed to be named."""
    keys = [one["seller_id"] for one in shares if one["is_named"]]
    query = select(Seller.id, Organisation.name).join(Organisation, Organisation.id == Seller.organisation_id)
    return dict(session.execute(query.where(Seller.id.in_(keys))).all()) if keys else {}


def pool_behind(session: Session, shares: Sequence[Mapping[str, Any]]) -> QuotePool | None:
    """The pool whose shares are frozen in a version; None where there are none."""
    if not shares:
        return None
    return session.scalar(
        select(QuotePool)
        .join(QuoteShare, QuoteShare.pool_id == QuotePool.id)
        .where(QuoteShare.id == shares[0]["share_id"])
    )


def frozen_version(session: Session, pool: QuotePool, share_id: int | None) -> QuoteVersion | None:
    """The newest version sent in which the pool's shares are frozen, this one among them; None where there is none."""
    rows = session.scalars(
        select(QuoteVersion)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .where(
            Quote.recipient_id == pool.recipient_id,
            QuoteVersion.number.is_not(None),
            QuoteVersion.sent_at.is_not(None),
            QuoteVersion.author_side == Side.SELLER,
        )
        .order_by(QuoteVersion.number.desc())
    )
    frozen = ((row, {one["share_id"] for one in row.shares or ()}) for row in rows)
    return next((row for row, keys in frozen if keys and (share_id is None or share_id in keys)), None)
