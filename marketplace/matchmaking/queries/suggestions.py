"""Suggestions as pages read them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.matchmaking.models import MatchOutcome, Suggestion
from marketplace.matchmaking.rules import NOT_FOR_ME
from marketplace.sellers.models import Seller
from marketplace.sellers.policies import stopped_sellers


def suggestion_rows(session: Session, rfq_id: int) -> list[Suggestion]:
    """All that was ever suggested and kept for a request, those put aside included: those that fit first, by rank."""
    return list(
        session.scalars(
            select(Suggestion)
            .where(Suggestion.rfq_id == rfq_id)
            .order_by(Suggestion.fits.desc(), Suggestion.position, Suggestion.id)
        )
    )


def suggestions_of(session: Session, rfq_id: int) -> list[Suggestion]:
    """What is suggested for a request: nobody whom either side put aside or whose standing is a stop."""
    stopped = set(session.scalars(stopped_sellers()))
    return [
        each
        for each in suggestion_rows(session, rfq_id)
        if NOT_FOR_ME not in (each.buyer_verdict, each.seller_verdict) and each.seller_id not in stopped
    ]


def put_aside_by_buyer(session: Session, rfq_id: int) -> list[Suggestion]:
    """What the buyer put aside, to be taken back."""
    return [each for each in suggestion_rows(session, rfq_id) if each.buyer_verdict == NOT_FOR_ME]


def offers_of_sellers(session: Session, sellers: Collection[int]) -> list[int]:
    """Keys of all products of these sellers."""
    if not sellers:
        return []
    return list(session.scalars(select(Product.id).where(Product.seller_id.in_(sellers)).order_by(Product.id)))


def offers_of_stopped(session: Session) -> list[int]:
    """Keys of all products of sellers whom their standing keeps from being proposed."""
    return list(session.scalars(select(Product.id).where(Product.seller_id.in_(stopped_sellers()))))


def offers_of_commodity(
    session: Session, commodity: str, limit: int, without: Collection[int] = ()
) -> list[tuple[int, int]]:
    """Public products of a commodity with their sellers, the newest first, one a seller."""
    rows = session.execute(
        select(Product.id, Product.seller_id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(is_public(), Product.commodity == commodity, Product.seller_id.not_in(list(without)))
        .where(Product.seller_id.not_in(stopped_sellers()))
        .order_by(Product.listed_at.desc(), Product.id.desc())
        .limit(limit * 4)
    )
    newest: dict[int, int] = {}
    for product, seller in rows:
        newest.setdefault(seller, product)
    return [(product, seller) for seller, product in newest.items()][:limit]


def outcome_of(session: Session, rfq_id: int) -> MatchOutcome | None:
    """How sure the matcher was; None before it looked."""
    return session.get(MatchOutcome, rfq_id)


def chosen_suggestions(session: Session, rfq_id: int, products: list[int]) -> list[Suggestion]:
    """The suggestions for these products, in the order given; products that were not suggested are left out."""
    found = {
        each.product_id: each
        for each in session.scalars(
            select(Suggestion).where(
                Suggestion.rfq_id == rfq_id,
                Suggestion.product_id.in_(products),
                Suggestion.seller_id.not_in(stopped_sellers()),
            )
        )
    }
    return [found[key] for key in dict.fromkeys(products) if key in found]
