"""Which open requests a seller may see and step into; the rule for lists is written in SQL."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from marketplace.accounts.models import Block, Organisation
from marketplace.catalogue.policies import is_public
from marketplace.kernel.clock import now
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.models import PostedRequest, RequestFit, Suggestion
from marketplace.matchmaking.rules import NOT_FOR_ME
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.rules import COMMITTED, LIVE
from marketplace.sellers.models import Seller
from marketplace.sellers.policies import stopped_sellers


def stands_open() -> ColumnElement[bool]:
    """Requests (Rfq) that their buyer posted for every seller and that still wait for answers."""
    committed = (
        select(func.count(Recipient.id))
        .where(Recipient.rfq_id == Rfq.id, Recipient.state.in_(COMMITTED))
        .correlate(Rfq)
        .scalar_subquery()
    )
    return exists().where(PostedRequest.rfq_id == Rfq.id) & _waits() & (committed < Rfq.quote_cap)


def is_for(actor: Actor, *, is_put_aside: bool = False) -> ColumnElement[bool]:
    """Fits (RequestFit joined with Rfq, Product, Seller and the seller's Organisation) that this seller may see: their
    own public goods for an open request, nobody blocked, not asked already; those they put aside, or the others."""
    if not actor.is_seller or actor.organisation_id is None or actor.is_suspended:
        return false()
    return (Seller.organisation_id == actor.organisation_id) & stands_open() & _can_meet(is_put_aside)


def can_be_told_to_seller() -> ColumnElement[bool]:
    """Fits, joined as for `is_for`, of which their seller may hear: what `is_for` lets them see."""
    return stands_open() & _can_meet(False)


def can_be_told_to_buyer() -> ColumnElement[bool]:
    """Fits, joined as for `is_for`, of which the request's buyer may hear: a supplier whom they have not asked yet and
    nobody put aside, for a request that still waits for answers."""
    return _waits() & _can_meet(False)


def _waits() -> ColumnElement[bool]:
    return Rfq.state.in_(LIVE) & (Rfq.closes_at > now())


def _can_meet(is_put_aside: bool) -> ColumnElement[bool]:
    """Public goods that fit, of a seller who was not asked, with nobody blocked, refused, suspended or stopped by
    their standing."""
    asked = exists().where(Recipient.rfq_id == Rfq.id, Recipient.seller_id == RequestFit.seller_id)
    blocked = exists().where(
        or_(
            (Block.organisation_id == Rfq.buyer_id) & (Block.blocked_id == Seller.organisation_id),
            (Block.organisation_id == Seller.organisation_id) & (Block.blocked_id == Rfq.buyer_id),
        )
    )
    aside = exists().where(
        Suggestion.rfq_id == Rfq.id,
        Suggestion.seller_id == RequestFit.seller_id,
        Suggestion.seller_verdict == NOT_FOR_ME,
    )
    refused = exists().where(
        Suggestion.rfq_id == Rfq.id,
        Suggestion.seller_id == RequestFit.seller_id,
        Suggestion.buyer_verdict == NOT_FOR_ME,
    )
    buyer = aliased(Organisation)  # the seller's own is joined by the query
    is_suspended = exists().where(buyer.id == Rfq.buyer_id, buyer.suspended_at.is_not(None))
    return (
        RequestFit.is_fitting.is_(True)
        & is_public()
        & ~asked
        & ~blocked
        & ~refused
        & ~is_suspended
        & RequestFit.seller_id.not_in(stopped_sellers())
        & (aside if is_put_aside else ~aside)
    )
