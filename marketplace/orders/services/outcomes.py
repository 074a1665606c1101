"""The ledger of outcomes: each thing is counted once, under its own name."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.exchange import RateUnknown, reference_rates
from marketplace.orders.models import Outcome, Sample
from marketplace.orders.rules import OutcomeKind, band_of
from marketplace.quotes.models import Deal, DealLine
from marketplace.rfqs.models import Rfq

_ORDERS = (OutcomeKind.FIRST_ORDER, OutcomeKind.REPEAT)


def record_sample(session: Session, sample_id: int) -> None:
    """A sample that was sent."""
    row = session.get_one(Sample, sample_id)
    rfq = session.get_one(Rfq, row.rfq_id)
    _add(
        session,
        Outcome(
            about=f"sample:{row.id}",
            kind=OutcomeKind.SAMPLE,
            at=now(),
            seller_id=row.seller_id,
            buyer_id=row.buyer_id,
            chapter_id=rfq.chapter_id,
            commodity=row.commodity,
        ),
    )


def record_order(session: Session, deal_id: int) -> None:
    """An agreement: the first between these two, or one more."""
    deal = session.get_one(Deal, deal_id)
    rfq = session.get_one(Rfq, deal.rfq_id)
    before = session.scalar(
        select(func.count(Outcome.id)).where(
            Outcome.seller_id == deal.seller_id,
            Outcome.buyer_id == deal.buyer_id,
            Outcome.kind.in_(_ORDERS),
            Outcome.about != f"deal:{deal.id}",
        )
    )
    commodity = session.scalar(
        select(Product.commodity)
        .join(DealLine, DealLine.product_id == Product.id)
        .where(DealLine.deal_id == deal.id)
        .order_by(DealLine.position)
        .limit(1)
    )
    _add(
        session,
        Outcome(
            about=f"deal:{deal.id}",
            kind=OutcomeKind.REPEAT if before else OutcomeKind.FIRST_ORDER,
            at=now(),
            seller_id=deal.seller_id,
            buyer_id=deal.buyer_id,
            chapter_id=rfq.chapter_id,
            commodity=commodity or "",
            value_band=band_of(_dollars(deal.total.amount, deal.currency)),
        ),
    )


def forget_order(session: Session, deal_id: int) -> None:
    """A deal that both sides cancelled is no outcome."""
    session.execute(delete(Outcome).where(Outcome.about == f"deal:{deal_id}"))


def _add(session: Session, row: Outcome) -> None:
    if session.scalar(select(Outcome.id).where(Outcome.about == row.about)) is None:
        session.add(row)


def _dollars(amount: Decimal, currency: str) -> Decimal | None:
    try:
        return reference_rates().convert(amount, currency, "USD")
    except RateUnknown:
        return None
