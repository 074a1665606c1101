"""What was shown where: the ground on which outcomes are weighed and exposure is kept even."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.matchmaking.models import Impression
from marketplace.matchmaking.rules import SideOfMatch


@dataclass(frozen=True, slots=True)
class Shown:
    """One product at a place, as a page shows it."""

    product_id: int
    seller_id: int
    position: int
    propensity: Decimal
    is_fitting: bool
    model: str


def note_shown(session: Session, rfq_id: int, side: SideOfMatch, rows: Sequence[Shown]) -> None:
    """Remember that these were shown for a request; shown again, only place, time and count move on."""
    known = {
        each.product_id: each
        for each in session.scalars(
            select(Impression).where(
                Impression.rfq_id == rfq_id,
                Impression.side == side,
                Impression.product_id.in_([row.product_id for row in rows]),
            )
        )
    }
    for row in rows:
        kept = known.get(row.product_id)
        if kept is None:
            kept = Impression(rfq_id=rfq_id, product_id=row.product_id, side=side, times=0)
            session.add(kept)
        kept.seller_id, kept.position, kept.propensity = row.seller_id, row.position, row.propensity
        kept.is_fitting, kept.model, kept.shown_at = row.is_fitting, row.model, now()
        kept.times += 1
