"""What a seller can quote from: their listed products with prices, packing, samples and certificates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, selectinload

from marketplace.catalogue.models import MonthPlan, Product, ProductCertificate
from marketplace.catalogue.queries.contents import contents_of
from marketplace.catalogue.registry.loading import load_registry
from marketplace.catalogue.registry.types import Commodity
from marketplace.catalogue.rules import ListingState, is_valid_on
from marketplace.kernel.clock import now, today
from marketplace.kernel.measures import Contents
from marketplace.kernel.prepared import Prepared
from marketplace.quotes.models import Quote, QuotePromise, QuoteVersion
from marketplace.quotes.rules import PROMISING, STANDING
from marketplace.quotes.rules.capacity import Month, PlanRow

_PLAN = Prepared(
    select(MonthPlan.month, MonthPlan.kind, MonthPlan.quantity).where(MonthPlan.product_id == bindparam("product_id"))
)
_PROMISED = Prepared(
    select(QuotePromise.month, func.sum(QuotePromise.quantity))
    .join(QuoteVersion, QuoteVersion.id == QuotePromise.version_id)
    .join(Quote, Quote.id == QuoteVersion.quote_id)
    .where(
        QuotePromise.product_id == bindparam("product_id"),
        QuotePromise.month.between(bindparam("first"), bindparam("last")),
        Quote.id != bindparam("without_quote"),
        or_(
            *(QuoteVersion.state == state.value for state in sorted(PROMISING - STANDING)),
            and_(
                or_(*(QuoteVersion.state == state.value for state in sorted(STANDING))),
                QuoteVersion.valid_until >= bindparam("moment"),
            ),
        ),
    )
    .group_by(QuotePromise.month)
)


def own_goods(session: Session, seller_id: int) -> list[Product]:
    """The seller's listed products with ladders and certificates, by title."""
    rows = session.scalars(
        select(Product)
        .where(Product.seller_id == seller_id, Product.state == ListingState.LISTED)
        .options(
            selectinload(Product.prices),
            selectinload(Product.certificates).joinedload(ProductCertificate.certificate, innerjoin=True),
        )
        .order_by(Product.id)
        .limit(300)
    )
    return list(rows)


def products_by_key(session: Session, seller_id: int, keys: Iterable[int]) -> dict[int, Product]:
    """Those of the keys that are this seller's and are, or were, on the market."""
    rows = session.scalars(
        select(Product).where(
            Product.id.in_(sorted(set(keys))), Product.seller_id == seller_id, Product.listed_at.is_not(None)
        )
    )
    return {row.id: row for row in rows}


def held_certificates(products: Iterable[Product], day: date | None = None) -> list[str]:
    """Codes of certificates that are checked and valid, in order of their codes."""
    on = day or today()
    return sorted(
        {
            link.certificate.code
            for product in products
            for link in product.certificates
            if link.certificate.verified_at is not None
            and is_valid_on(link.certificate.valid_from, link.certificate.valid_to, on)
        }
    )


def goods_contents(product: Product | None, commodity: str) -> Contents:
    """What packages and containers of these goods hold."""
    if product is not None:
        return contents_of(product)
    known = commodity_of(commodity)
    return known.contents() if known else {}


def commodity_of(key: str) -> Commodity | None:
    """The registry's entry, or None for goods it does not know."""
    return load_registry().commodities.get(key)


def plan_rows(session: Session, product_id: int) -> list[PlanRow]:
    """The calendar of one product: month, kind, quantity."""
    return [(month, kind, quantity) for month, kind, quantity in _PLAN.rows(session, product_id=product_id)]


def promised(session: Session, product_id: int, months: Sequence[Month], without_quote: int) -> dict[Month, Decimal]:
    """What other quotes that stand, and agreements, hold of a product in these months, of which none is left out."""
    rows = _PROMISED.rows(
        session, product_id=product_id, first=months[0], last=months[-1], without_quote=without_quote, moment=now()
    )
    return {month: Decimal(quantity) for month, quantity in rows}
