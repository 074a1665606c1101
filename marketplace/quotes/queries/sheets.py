"""A sent quote or an agreement as one frozen value with its parties: what pages, tables and papers are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Organisation
from marketplace.kernel.money import Money
from marketplace.quotes.models import Deal, Quote, QuoteVersion
from marketplace.quotes.queries.pooling import share_names
from marketplace.quotes.rules import LineAnswer
from marketplace.rfqs.models import Rfq
from marketplace.sellers.models import Seller


@dataclass(frozen=True)
class Party:
    """A company as a paper names it."""

    name: str
    city: str
    country: str
    registration_number: str


@dataclass(frozen=True)
class SheetLine:
    """One line: goods, quantity and price; ``amount`` is rounded once. ``rungs`` are (from quantity, price)."""

    answer: str
    description: str
    reason: str
    product_id: int | None
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    price_unit: str
    rungs: tuple[tuple[Decimal, Decimal], ...]
    kilograms: Decimal | None
    amount: Money

    @property
    def is_answered(self) -> bool:
        """Whether goods are offered at all."""
        return self.answer != LineAnswer.NOT_AVAILABLE


@dataclass(frozen=True)
class SheetShare:
    """What one member of a pool makes; the name is empty where it wants to stay unnamed."""

    name: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class Sheet:
    """A quote or an agreement. ``number`` is the version's; ``sha256`` the fingerprint of what was offered."""

    request_key: str
    number: int | None
    author_side: str
    state: str
    seller: Party
    buyer: Party
    destination: str
    currency: str
    incoterm: str
    place: str
    port: str
    valid_until: datetime | None
    lead_time_days: int | None
    ship_by: date | None
    payment: str
    deposit_percent: int | None
    payment_note: str
    sample_is_offered: bool
    sample_is_free: bool
    sample_days: int | None
    sample_freight: str
    sample_note: str
    packing: str
    loading: Mapping[str, Any]
    certificates: tuple[str, ...]
    note: str
    language: str
    lines: tuple[SheetLine, ...]
    total: Money
    sent_at: datetime | None
    sha256: str
    shares: tuple[SheetShare, ...] = ()

    @property
    def kilograms(self) -> Decimal | None:
        """The net weight of all that is offered, where every line has one."""
        weights = [line.kilograms for line in self.lines if line.is_answered]
        known = [weight for weight in weights if weight is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(weights) else None


def sheet_of(session: Session, row: QuoteVersion) -> Sheet:
    """The sheet of a version that was loaded with its lines; whoever calls has checked the reader's right."""
    seller, buyer = aliased(Organisation), aliased(Organisation)
    rfq, selling, buying = session.execute(
        select(Rfq, seller, buyer)
        .join(Quote, Quote.rfq_id == Rfq.id)
        .join(Seller, Seller.id == Quote.seller_id)
        .join(seller, seller.id == Seller.organisation_id)
        .join(buyer, buyer.id == Rfq.buyer_id)
        .where(Quote.id == row.quote_id)
    ).one()
    return replace(version_sheet(row, _party(selling), _party(buying), rfq), shares=_shares(session, row))


def version_sheet(row: QuoteVersion, seller: Party, buyer: Party, rfq: Rfq) -> Sheet:
    """The same where parties and request are at hand."""
    return Sheet(
        request_key=rfq.key,
        seller=seller,
        buyer=buyer,
        destination=rfq.destination,
        lines=tuple(_line(line, row.currency) for line in row.lines),
        total=row.total,
        sha256=row.content_sha256,
        loading=dict(row.loading),
        certificates=tuple(row.certificates),
        **{name: getattr(row, name) for name in _SAME},
    )


def sheet_of_deal(session: Session, deal: Deal) -> Sheet:
    """What was agreed, out of the agreement's own frozen rows; ``deal`` was loaded with its lines."""
    row = session.get_one(QuoteVersion, deal.version_id)
    seller, buyer = aliased(Organisation), aliased(Organisation)
    rfq, selling, buying = session.execute(
        select(Rfq, seller, buyer)
        .join(Deal, Deal.rfq_id == Rfq.id)
        .join(Seller, Seller.id == Deal.seller_id)
        .join(seller, seller.id == Seller.organisation_id)
        .join(buyer, buyer.id == Deal.buyer_id)
        .where(Deal.id == deal.id)
    ).one()
    terms = deal.terms
    return Sheet(
        request_key=rfq.key,
        number=row.number,
        author_side=str(terms["author_side"]),
        state=row.state,
        seller=_party(selling),
        buyer=_party(buying),
        destination=rfq.destination,
        valid_until=datetime.fromisoformat(terms["valid_until"]) if terms["valid_until"] else None,
        ship_by=date.fromisoformat(terms["ship_by"]) if terms["ship_by"] else None,
        certificates=tuple(terms["certificates"]),
        loading=dict(terms["loading"]),
        note=row.note,
        language=row.language,
        lines=tuple(
            SheetLine(
                answer=LineAnswer.OFFERED,
                description=line.description,
                reason="",
                product_id=line.product_id,
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price,
                price_unit=line.price_unit,
                rungs=(),
                kilograms=line.kilograms,
                amount=Money(line.amount_minor, deal.currency),
            )
            for line in deal.lines
        ),
        total=deal.total,
        sent_at=row.sent_at,
        sha256=deal.content_sha256,
        shares=_shares(session, row),
        **{name: terms[name] for name in _TERMS},
    )


_TERMS = (
    "currency", "incoterm", "place", "port", "lead_time_days", "payment", "deposit_percent", "payment_note",
    "sample_is_offered", "sample_is_free", "sample_days", "sample_freight", "sample_note", "packing",
)  # fmt: skip
_SAME = (*_TERMS, "number", "author_side", "state", "valid_until", "ship_by", "note", "language", "sent_at")


def _shares(session: Session, row: QuoteVersion) -> tuple[SheetShare, ...]:
    shares = row.shares or []
    names = share_names(session, shares)
    return tuple(SheetShare(names.get(one["seller_id"], ""), Decimal(one["quantity"]), one["unit"]) for one in shares)


def _party(row: Organisation) -> Party:
    return Party(row.name, row.city, row.country, row.registration_number)


def _line(line: Any, currency: str) -> SheetLine:
    return SheetLine(
        answer=line.answer,
        description=line.description,
        reason=line.reason,
        product_id=line.product_id,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_unit=line.price_unit,
        rungs=tuple((Decimal(least), Decimal(price)) for least, price in line.rungs),
        kilograms=line.kilograms,
        amount=Money(line.amount_minor, currency),
    )
