"""Open requests as sellers see them: their own fit, the buyer's country and trade, nothing else of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from marketplace.accounts.models import Organisation
from marketplace.buyers.models import Buyer
from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.matchmaking.models import RequestFit
from marketplace.matchmaking.policies import is_for
from marketplace.matchmaking.rules import LOOKED_BACK
from marketplace.rfqs.models import Rfq
from marketplace.sellers.models import Seller


@dataclass(frozen=True, slots=True)
class ForYou:
    """One open request with how the seller's goods answer it."""

    rfq: Rfq
    fit: RequestFit
    country: str
    trade: str
    languages: list[str]
    """The languages in which the seller answers; empty where they named none."""


@dataclass(frozen=True, slots=True)
class Missed:
    """How many requests a seller missed for want of one thing, such as ``certificate:organic-eu``."""

    wanting: str
    count: int


def fits_for(session: Session, actor: Actor, *, is_put_aside: bool = False) -> list[int]:
    """Keys of the fits (RequestFit) of all open requests that the seller's goods answer, the best first by what the
    buyer's side makes of them."""
    query = _fits(actor, is_put_aside).with_only_columns(RequestFit.id)
    return list(session.scalars(query.order_by(RequestFit.score.desc(), Rfq.opened_at.desc(), Rfq.id.desc())))


def rows_for(session: Session, actor: Actor, fits: Sequence[int], *, is_put_aside: bool = False) -> list[ForYou]:
    """Those of some fits that the seller may see, in the order given."""
    rows = session.execute(_fits(actor, is_put_aside).where(RequestFit.id.in_(fits)))
    found = {row[1].id: ForYou(*row) for row in rows}
    return [found[key] for key in fits if key in found]


def count_for(session: Session, actor: Actor, *, is_put_aside: bool = False) -> int:
    """How many there are."""
    found = _fits(actor, is_put_aside).with_only_columns(RequestFit.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def request_for(session: Session, actor: Actor, key: str, *, is_put_aside: bool = False) -> ForYou:
    """One of them, its request locked; `NotFound` for any other request, as if it did not exist."""
    query = _fits(actor, is_put_aside).where(Rfq.key == key)
    row: Row[Rfq, RequestFit, str, str, list[str]] | None = session.execute(
        query.with_for_update(of=Rfq).limit(1)
    ).first()
    if row is None:
        raise NotFound
    return ForYou(*row)


def missed_by(session: Session, actor: Actor, since: datetime | None = None) -> list[Missed]:
    """What sent requests of the past weeks failed on with the actor's own firm; see `missed_by_organisation`."""
    return missed_by_organisation(session, actor.organisation_id, since)


def missed_by_organisation(
    session: Session, organisation_id: int | None, since: datetime | None = None
) -> list[Missed]:
    """What sent requests of the past weeks failed on with this seller, where it was one thing; the most frequent
    first. Counts only: whose requests they were is not told."""
    count = func.count(func.distinct(RequestFit.rfq_id))
    rows = session.execute(
        select(RequestFit.wanting, count)
        .join(Rfq, Rfq.id == RequestFit.rfq_id)
        .join(Seller, Seller.id == RequestFit.seller_id)
        .where(
            Seller.organisation_id == organisation_id,
            RequestFit.is_fitting.is_(False),
            RequestFit.wanting != "",
            Rfq.opened_at >= (since or now() - LOOKED_BACK),
        )
        .group_by(RequestFit.wanting)
        .order_by(count.desc(), RequestFit.wanting)
    )
    return [Missed(wanting, number) for wanting, number in rows]


def _fits(actor: Actor, is_put_aside: bool) -> Select[Rfq, RequestFit, str, str, list[str]]:
    buyer = aliased(Organisation)
    return (
        select(Rfq, RequestFit, buyer.country, func.coalesce(Buyer.trade, ""), Seller.languages)
        .join(RequestFit, RequestFit.rfq_id == Rfq.id)
        .join(Product, Product.id == RequestFit.product_id)
        .join(Seller, Seller.id == RequestFit.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .join(buyer, buyer.id == Rfq.buyer_id)
        .outerjoin(Buyer, Buyer.organisation_id == Rfq.buyer_id)
        .where(is_for(actor, is_put_aside=is_put_aside))
        .options(selectinload(Rfq.lines))
    )
