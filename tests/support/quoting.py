"""Quotes for tests: written, sent, countered and accepted through the site's own services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.kernel.clock import today
from marketplace.kernel.uow import transaction
from marketplace.quotes.drafts import CounterDraft, CounterLine, LineDraft, QuoteDraft, TermsDraft
from marketplace.quotes.models import Deal, Quote, QuoteVersion
from marketplace.quotes.services import accept_quote, counter_quote, save_quote, send_quote
from marketplace.rfqs.models import Recipient, Rfq, RfqLine
from tests.support.flows import recipient_of
from tests.support.people import Person

TERMS = TermsDraft(
    currency="USD", incoterm="FOB", place="Tanjung Perak", valid_until=None, port="Tanjung Perak", lead_time_days=30,
    payment="deposit_before_shipment", deposit_percent=30, sample_is_offered=True, sample_is_free=True, sample_days=7,
    sample_freight="buyer", packing="60 kg jute bag", package_unit="bag", package_kg=Decimal(60), language="id",
)  # fmt: skip


def a_quote_draft(rfq: Rfq, product_id: int | None = None, price: str = "6.20", **more: Any) -> QuoteDraft:
    """An offer of everything that was asked, at ``price`` a kilogram; ``more`` replaces terms or the line's values."""
    of_line = {"quantity", "unit", "unit_price", "price_unit", "answer", "reason", "description", "rungs"}
    line_values = {name: more.pop(name) for name in list(more) if name in of_line}
    with transaction() as session:
        lines = session.scalars(select(RfqLine).where(RfqLine.rfq_id == rfq.id).order_by(RfqLine.position)).all()
    drafts = tuple(
        LineDraft(
            rfq_line_id=line.id,
            product_id=product_id,
            **(
                {
                    "answer": "offered",
                    "quantity": line.quantity,
                    "unit": line.unit,
                    "unit_price": Decimal(price),
                    "price_unit": "kg",
                }
                | line_values
            ),
        )
        for line in lines
    )
    valid = more.pop("valid_until", None) or today() + timedelta(days=14)
    return QuoteDraft(replace(TERMS, valid_until=valid, **more), drafts)


def unsent_version(seller: Person, rfq: Rfq) -> int:
    """The row version of the seller's draft, 0 where there is none."""
    with transaction() as session:
        return (
            session.scalar(
                select(QuoteVersion.version)
                .join(Quote, Quote.id == QuoteVersion.quote_id)
                .join(Recipient, Recipient.id == Quote.recipient_id)
                .where(Recipient.id == recipient_of(rfq, seller).id, QuoteVersion.number.is_(None))
            )
            or 0
        )


def a_saved_quote(seller: Person, rfq: Rfq, product_id: int | None = None, price: str = "6.20", **more: Any) -> int:
    """A draft of the seller's; gives its row version."""
    draft = a_quote_draft(rfq, product_id, price, **more)
    key, known = recipient_of(rfq, seller).key, unsent_version(seller, rfq)
    with transaction() as session:
        row = save_quote(session, seller.actor, key, draft, known)
        session.flush()
        return row.version


def a_sent_quote(
    seller: Person, rfq: Rfq, product_id: int | None = None, price: str = "6.20", **more: Any
) -> QuoteVersion:
    """A quote of the seller's, sent to the buyer, or waiting for the mentor of a mentored seller."""
    version = a_saved_quote(seller, rfq, product_id, price, **more)
    with transaction() as session:
        row = send_quote(session, seller.actor, recipient_of(rfq, seller).key, version)
        session.flush()
        key = row.id
    return the_version(key)


def a_counter(buyer: Person, seller: Person, rfq: Rfq, price: str, quantity: Decimal | None = None) -> QuoteVersion:
    """The buyer's counter-offer to the version that stands."""
    base = standing(seller, rfq)
    lines = tuple(
        CounterLine(line.id, quantity or line.quantity, Decimal(price)) for line in base.lines if line.quantity
    )
    draft = CounterDraft(lines, today() + timedelta(days=10), "Our best price.", "en")
    with transaction() as session:
        key = recipient_of(rfq, seller).key
        row = counter_quote(session, buyer.actor, rfq.key, key, base.number or 0, draft)
        session.flush()
        version_id = row.id
    return the_version(version_id)


def an_acceptance(buyer: Person, seller: Person, rfq: Rfq, number: int) -> Deal:
    """The buyer accepts the version under this number."""
    key = recipient_of(rfq, seller).key
    with transaction() as session:
        deal = accept_quote(session, buyer.actor, rfq.key, key, number)
        session.flush()
        deal_id = deal.id
    with transaction() as session:
        return session.get_one(Deal, deal_id, options=[selectinload(Deal.lines)], populate_existing=True)


def the_version(version_id: int) -> QuoteVersion:
    """A version as the database has it now, with lines and promises."""
    with transaction() as session:
        return session.get_one(
            QuoteVersion,
            version_id,
            options=[selectinload(QuoteVersion.lines), selectinload(QuoteVersion.promises)],
            populate_existing=True,
        )


def standing(seller: Person, rfq: Rfq) -> QuoteVersion:
    """The version of this seller's quote that was sent last."""
    with transaction() as session:
        key = session.scalars(
            select(QuoteVersion.id)
            .join(Quote, Quote.id == QuoteVersion.quote_id)
            .where(Quote.recipient_id == recipient_of(rfq, seller).id, QuoteVersion.number == Quote.current_number)
        ).one()
    return the_version(key)


def in_days(days: int) -> date:
    """A day from today on."""
    return today() + timedelta(days=days)
