"""Offers that came, changed or went of late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.catalogue.rules import ListingState
from marketplace.matchmaking.models import ChangedOffer
from marketplace.sellers.models import Seller

_BATCH = 500


class Change(NamedTuple):
    """One change: ``stamp`` tells it from every other of the same product; ``commodity`` as registered now, empty
    where the product is gone."""

    product_id: int
    stamp: tuple[int, datetime]
    commodity: str


def moments_since(session: Session, moment: datetime) -> dict[datetime, tuple[int, int]]:
    """When offers changed at that moment or later, with how many last did then and the sum of their versions. What one
    transaction changed, be it thousands, has one moment: while these figures stand, nothing came to it."""
    rows = session.execute(
        select(ChangedOffer.changed_at, func.count(), func.sum(ChangedOffer.version))
        .where(ChangedOffer.changed_at >= moment)
        .group_by(ChangedOffer.changed_at)
    )
    return {at: (count, int(versions)) for at, count, versions in rows}


def changes_at(session: Session, moments: Sequence[datetime]) -> list[Change]:
    """The products that last changed at one of these moments."""
    found: list[Change] = []
    for start in range(0, len(moments), _BATCH):
        rows = session.execute(
            select(ChangedOffer.product_id, ChangedOffer.version, ChangedOffer.changed_at, Product.commodity)
            .outerjoin(Product, Product.id == ChangedOffer.product_id)
            .where(ChangedOffer.changed_at.in_(moments[start : start + _BATCH]))
        )
        found += [Change(key, (version, at), commodity or "") for key, version, at, commodity in rows]
    return found


def listing_mark(session: Session, moment: datetime) -> tuple[int, int]:
    """A figure that is another as soon as a product is listed at that moment or later: how many were, and the sum of
    their keys."""
    count, keys = session.execute(
        select(func.count(), func.sum(Product.id)).where(
            Product.state == ListingState.LISTED, Product.listed_at >= moment
        )
    ).one()
    return count, int(keys or 0)


def listed_unnoted(session: Session, moment: datetime) -> list[int]:
    """Keys of the products that can be suggested now and were listed at that moment or later without a note of it, by
    other ways than the site's own, such as rows that were copied in."""
    is_noted = exists().where(ChangedOffer.product_id == Product.id, ChangedOffer.changed_at >= Product.listed_at)
    return list(
        session.scalars(
            select(Product.id)
            .join(Seller, Seller.id == Product.seller_id)
            .join(Organisation, Organisation.id == Seller.organisation_id)
            .where(is_public(), Product.listed_at >= moment, ~is_noted)
        )
    )
