"""How much sellers were shown and asked of late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Float, cast, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.matchmaking.fairness import most_a_week
from marketplace.matchmaking.models import Impression
from marketplace.matchmaking.rules import LOOKED_BACK, WEEK, SideOfMatch
from marketplace.rfqs.models import Recipient


def exposure_of(session: Session, sellers: Sequence[int]) -> dict[int, float]:
    """How much buyers saw of each seller in the past weeks: showings, each by its place (1, 1/2, 1/3 and so on)."""
    if not sellers:
        return {}
    looked_at = func.sum(Impression.times / cast(Impression.position + 1, Float))
    rows = session.execute(
        select(Impression.seller_id, looked_at)
        .where(
            Impression.seller_id.in_(sellers),
            Impression.side == SideOfMatch.BUYER,
            Impression.shown_at >= now() - LOOKED_BACK,
        )
        .group_by(Impression.seller_id)
    )
    return {seller: float(value) for seller, value in rows}


def full_sellers(session: Session, goods: Mapping[int, int]) -> set[int]:
    """Which of these sellers (each with the product at stake) were asked as often this week as their declared
    capacity bears."""
    if not goods:
        return set()
    asked: dict[int, int] = dict(
        session.execute(
            select(Recipient.seller_id, func.count(Recipient.id))
            .where(Recipient.seller_id.in_(list(goods)), Recipient.invited_at >= now() - WEEK)
            .group_by(Recipient.seller_id)
        ).all()
    )
    if not asked:
        return set()
    terms = {
        row.id: row
        for row in session.execute(
            select(Product.id, Product.moq, Product.capacity_per_month).where(
                Product.id.in_([goods[seller] for seller in asked])
            )
        )
    }
    full = set()
    for seller, count in asked.items():
        row = terms.get(goods[seller])
        most = most_a_week(_number(row.moq), _number(row.capacity_per_month)) if row else 0
        if count >= most:
            full.add(seller)
    return full


def _number(value: object) -> float | None:
    return float(str(value)) if value is not None else None
