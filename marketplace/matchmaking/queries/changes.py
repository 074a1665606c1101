"""Offers that came, changed or went of late."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.matchmaking.models import ChangedOffer


class Change(NamedTuple):
    """One change: ``stamp`` tells it from every other of the same product; ``commodity`` as registered now, empty
    where the product is gone."""

    product_id: int
    stamp: tuple[int, datetime]
    commodity: str


def changes_since(session: Session, moment: datetime) -> list[Change]:
    """The last change of each product that changed at that moment or later."""
    rows = session.execute(
        select(ChangedOffer.product_id, ChangedOffer.version, ChangedOffer.changed_at, Product.commodity)
        .outerjoin(Product, Product.id == ChangedOffer.product_id)
        .where(ChangedOffer.changed_at >= moment)
    )
    return [Change(key, (version, changed_at), commodity or "") for key, version, changed_at, commodity in rows]
