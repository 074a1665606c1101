"""Who is told of what about open requests, and which further suppliers a request has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership, Organisation
from marketplace.accounts.queries import member_ids
from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.matchmaking.models import PostedRequest, RequestFit, RequestNews
from marketplace.matchmaking.policies import can_be_told_to_buyer, can_be_told_to_seller
from marketplace.matchmaking.rules import MOST_SUGGESTED, WEEK, SideOfMatch
from marketplace.rfqs.models import Rfq
from marketplace.sellers.models import Seller


@dataclass(frozen=True, slots=True)
class Waiting:
    """One piece of news that may be told."""

    rfq_key: str
    buyer_id: int
    commodity: str
    seller: str


def further_suppliers(session: Session, rfq: Rfq) -> list[RequestFit]:
    """Suppliers who can serve a request that is out and were not asked yet, the best first; the request is the
    buyer's own."""
    query = _joined(select(RequestFit)).where(RequestFit.rfq_id == rfq.id, can_be_told_to_buyer())
    return list(session.scalars(query.order_by(RequestFit.score.desc(), RequestFit.id).limit(MOST_SUGGESTED)))


def new_sellers(session: Session, rfq_id: int) -> set[int]:
    """Sellers who came after the request went out."""
    return set(
        session.scalars(
            select(RequestNews.seller_id).where(
                RequestNews.rfq_id == rfq_id, RequestNews.side == SideOfMatch.BUYER, RequestNews.is_new
            )
        )
    )


def can_be_told(session: Session, rfq_id: int, side: SideOfMatch) -> list[tuple[RequestFit, Product, int]]:
    """The fits of a request of which a side may hear now, with the offer and the seller's organisation."""
    query = _joined(select(RequestFit, Product, Seller.organisation_id))
    return [
        (fit, product, organisation)
        for fit, product, organisation in session.execute(
            query.where(RequestFit.rfq_id == rfq_id, _rule(side)).order_by(RequestFit.score.desc(), RequestFit.id)
        )
    ]


def is_posted(session: Session, rfq_id: int) -> bool:
    """Whether every seller who can serve the request sees it."""
    return session.get(PostedRequest, rfq_id) is not None


def people_of_request(session: Session, rfq: Rfq) -> list[int]:
    """Who wrote the request, or everybody of the company once that person has left it."""
    still_there = session.scalar(
        select(Membership.user_id).where(
            Membership.organisation_id == rfq.buyer_id, Membership.user_id == rfq.created_by_id
        )
    )
    return [still_there] if still_there is not None else member_ids(session, rfq.buyer_id)


def who_waits(session: Session) -> list[int]:
    """People for whom there is news that they were not told yet."""
    return list(
        session.scalars(
            select(RequestNews.user_id).where(RequestNews.told_at.is_(None)).distinct().order_by(RequestNews.user_id)
        )
    )


def waiting_rows(session: Session, user_id: int) -> list[RequestNews]:
    """A person's news that they were not told yet, the oldest first."""
    return list(
        session.scalars(
            select(RequestNews)
            .where(RequestNews.user_id == user_id, RequestNews.told_at.is_(None))
            .order_by(RequestNews.id)
        )
    )


def told_lately(session: Session, user_id: int) -> list[datetime]:
    """The moments of the past week at which a person was told, the latest first."""
    moments = session.scalars(
        select(RequestNews.told_at)
        .where(RequestNews.user_id == user_id, RequestNews.is_new, RequestNews.told_at > now() - WEEK)
        .distinct()
        .order_by(RequestNews.told_at.desc())
    )
    return [each for each in moments if each is not None]


def as_told(session: Session, rows: Sequence[RequestNews], side: SideOfMatch) -> list[Waiting]:
    """What of the news still holds: the request waits, the offer fits and is public, nobody is blocked. For buyers
    their requests with the sellers found, for sellers the requests with their country's buyers."""
    found = session.execute(
        _joined(select(Rfq.key, Rfq.buyer_id, Product.commodity, Organisation.name))
        .join(
            RequestNews,
            (RequestNews.rfq_id == RequestFit.rfq_id) & (RequestNews.seller_id == RequestFit.seller_id),
        )
        .where(RequestNews.id.in_([each.id for each in rows]), _rule(side), _belongs(side))
        .order_by(RequestNews.id)
    )
    return [Waiting(*row) for row in found]


def countries_of(session: Session, organisations: Sequence[int]) -> list[str]:
    """The countries of these organisations, each once."""
    return list(
        session.scalars(
            select(Organisation.country)
            .where(Organisation.id.in_(organisations))
            .group_by(Organisation.country)
            .order_by(func.count(Organisation.id).desc(), Organisation.country)
        )
    )


def _rule(side: SideOfMatch) -> ColumnElement[bool]:
    return can_be_told_to_seller() if side == SideOfMatch.SELLER else can_be_told_to_buyer()


def _belongs(side: SideOfMatch) -> ColumnElement[bool]:
    """The person still works for the side that is told."""
    house = Seller.organisation_id if side == SideOfMatch.SELLER else Rfq.buyer_id
    return (
        select(Membership.id)
        .where(Membership.user_id == RequestNews.user_id, Membership.organisation_id == house)
        .correlate(RequestNews, Seller, Rfq)
        .exists()
    )


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A query of fits with the request, the offer, its seller and the seller's organisation."""
    return (
        query.select_from(RequestFit)
        .join(Rfq, Rfq.id == RequestFit.rfq_id)
        .join(Product, Product.id == RequestFit.product_id)
        .join(Seller, Seller.id == RequestFit.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
    )
