"""What a comparison of quotes is made of, as the driver gives it: enough to tell whether it still reads the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import ProductText
from marketplace.kernel.clock import now, today
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.kernel.prepared import Prepared, Query, Raw
from marketplace.quotes.models import Deal, Quote, QuoteLine, QuoteVersion
from marketplace.rfqs.models import ContactFreeze, Recipient, Rfq, RfqLine
from marketplace.sellers.models import Seller

_RFQ = bindparam("rfq_id", type_=Rfq.id.type)


def _columns(*tables: Any) -> list[Any]:
    return [column for table in tables for column in table.__table__.columns]


def _is_frozen() -> ColumnElement[bool]:
    return exists().where(ContactFreeze.organisation_id == Organisation.id).label("is_frozen")


def _versions() -> Query:
    over = QuoteVersion.valid_until < bindparam("moment", type_=QuoteVersion.valid_until.type)
    return (
        select(*_columns(QuoteVersion), Recipient.key, Organisation.name, over, _is_frozen())
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .join(Recipient, Recipient.id == Quote.recipient_id)
        .join(Seller, Seller.id == Quote.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(Quote.rfq_id == _RFQ, QuoteVersion.number == Quote.current_number)
        .order_by(QuoteVersion.id)
    )


def _lines() -> Query:
    return (
        select(*_columns(QuoteLine))
        .join(QuoteVersion, QuoteVersion.id == QuoteLine.version_id)
        .join(Quote, Quote.id == QuoteVersion.quote_id)
        .where(Quote.rfq_id == _RFQ, QuoteVersion.number == Quote.current_number)
        .order_by(QuoteLine.id)
    )


def _asked() -> Query:
    over = Organisation.verified_until < bindparam("day", type_=Organisation.verified_until.type)
    return (
        # with whatever tells whether contact details are hidden
        select(*_columns(Rfq, RfqLine), Deal.key, Organisation.verification_level, over, _is_frozen())
        .join(Organisation, Organisation.id == Rfq.buyer_id)
        .join(RfqLine, RfqLine.rfq_id == Rfq.id, isouter=True)
        .join(Deal, Deal.rfq_id == Rfq.id, isouter=True)
        .where(Rfq.key == bindparam("key"), Rfq.buyer_id == bindparam("organisation_id"))  # as `owned_by` says
        .order_by(RfqLine.id)
    )


def _titles() -> Query:
    return (
        select(ProductText.product_id, ProductText.language, ProductText.title, ProductText.source)
        .join(RfqLine, RfqLine.product_id == ProductText.product_id)
        .where(RfqLine.rfq_id == _RFQ)
        .order_by(ProductText.id, RfqLine.id)
    )


_VERSIONS, _LINES, _ASKED, _TITLES = (Prepared(made()) for made in (_versions, _lines, _asked, _titles))


def compared_rows(session: Session, actor: Actor, key: str) -> tuple[list[Raw], ...]:
    """Every row that the comparison of a request of the actor's company shows; `NotFound` for any other request."""
    if not actor.is_buyer or actor.organisation_id is None:
        raise NotFound
    asked = _ASKED.raw(session, key=key, organisation_id=actor.organisation_id, day=today())
    if not asked:
        raise NotFound
    rfq_id = asked[0][0]
    versions = _VERSIONS.raw(session, rfq_id=rfq_id, moment=now())
    return asked, versions, _LINES.raw(session, rfq_id=rfq_id), _TITLES.raw(session, rfq_id=rfq_id)
