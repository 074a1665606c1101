"""The ledger of outcomes: each thing is counted once, under its own name."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from marketplace.fairs.models import Fair
from marketplace.kernel.clock import now
from marketplace.kernel.exchange import RateUnknown, reference_rates
from marketplace.kernel.inserting import write
from marketplace.kernel.prepared import Prepared
from marketplace.orders.models import Outcome, Sample
from marketplace.orders.queries.deals import commodity_of_deal
from marketplace.orders.rules import OutcomeKind, band_of
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Rfq

# what these two agreed before: their first order where it still counts, and the fair to which they owe it
_BEFORE = Prepared(
    select(Outcome.kind, Outcome.fair)
    .where(
        Outcome.seller_id == bindparam("seller_id"),
        Outcome.buyer_id == bindparam("buyer_id"),
        (Outcome.kind == OutcomeKind.FIRST_ORDER.value) | (Outcome.kind == OutcomeKind.REPEAT.value),
        Outcome.about != bindparam("besides"),
    )
    .order_by(Outcome.kind != OutcomeKind.FIRST_ORDER.value, Outcome.at, Outcome.id)
    .limit(1)
)


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
            fair=_fair_of(session, rfq),
            commodity=row.commodity,
        ),
    )


def record_order(session: Session, deal_id: int) -> None:
    """An agreement: the first between these two, or one more."""
    deal = session.get_one(Deal, deal_id)
    rfq = session.get_one(Rfq, deal.rfq_id)
    about = f"deal:{deal.id}"
    before = _BEFORE.raw(session, seller_id=deal.seller_id, buyer_id=deal.buyer_id, besides=about)
    # a repeat comes by a request that names no fair
    first_fair = next((fair for kind, fair in before if kind == OutcomeKind.FIRST_ORDER), "")
    _add(
        session,
        Outcome(
            about=about,
            kind=OutcomeKind.REPEAT if before else OutcomeKind.FIRST_ORDER,
            at=now(),
            seller_id=deal.seller_id,
            buyer_id=deal.buyer_id,
            chapter_id=rfq.chapter_id,
            fair=_fair_of(session, rfq) or first_fair,
            commodity=commodity_of_deal(session, deal),
            value_band=band_of(_dollars(deal.total.amount, deal.currency)),
        ),
    )


def forget_order(session: Session, deal_id: int) -> None:
    """A deal that both sides cancelled is no outcome."""
    session.execute(delete(Outcome).where(Outcome.about == f"deal:{deal_id}"))


def _fair_of(session: Session, rfq: Rfq) -> str:
    """The code of the fair that the request came from; empty without one."""
    return session.scalar(select(Fair.code).where(Fair.id == rfq.fair_id)) or "" if rfq.fair_id is not None else ""


def _add(session: Session, row: Outcome) -> None:
    write(session, row, unless_taken=("about",))


def _dollars(amount: Decimal, currency: str) -> Decimal | None:
    try:
        return reference_rates().convert(amount, currency, "USD")
    except RateUnknown:
        return None
