"""What offers of a lot hold of a product's calendar, and which lines of a quote take from an offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import and_, bindparam, or_, select

from marketplace.catalogue.models import Product
from marketplace.kernel.clock import now
from marketplace.kernel.prepared import On, Prepared
from marketplace.offers.measuring import in_unit
from marketplace.offers.models import SpotOffer
from marketplace.offers.queries import held_by_offers
from marketplace.offers.rules import OfferFacts, OfferState, held_of_capacity, state_at
from marketplace.quotes.models import Quote, QuoteLine, QuoteVersion
from marketplace.quotes.rules import STANDING
from marketplace.quotes.rules.capacity import Month
from marketplace.rfqs.models import RfqLine

_ALIVE = frozenset({OfferState.UPCOMING, OfferState.CURRENT})
_NAMED = Prepared(
    select(RfqLine.id, RfqLine.offer_id, SpotOffer.product_id)
    .join(SpotOffer, SpotOffer.id == RfqLine.offer_id)
    .join(Quote, Quote.rfq_id == RfqLine.rfq_id)
    .where(Quote.id == bindparam("quote_id"))
)
_QUOTED = Prepared(
    select(RfqLine.offer_id)
    .join(SpotOffer, SpotOffer.id == RfqLine.offer_id)
    .join(QuoteLine, QuoteLine.rfq_line_id == RfqLine.id)
    .join(QuoteVersion, QuoteVersion.id == QuoteLine.version_id)
    .where(
        SpotOffer.product_id == bindparam("product_id"),
        and_(
            or_(*(QuoteVersion.state == state.value for state in sorted(STANDING))),
            QuoteVersion.valid_until >= bindparam("moment"),
        ),
    )
    .distinct()
)


def offers_named(on: On, quote_id: int) -> dict[int, tuple[int, int]]:
    """By line of a quote's request that asks about an offer: the offer's key and that of its product."""
    return {line: (offer, product) for line, offer, product in _NAMED.rows(on, quote_id=quote_id)}


def offered(on: On, product: Product, months: Sequence[Month]) -> dict[Month, Decimal]:
    """What offers hold of these months, in the product's own unit: no quote beside them can promise it."""
    held: dict[Month, Decimal] = defaultdict(Decimal)
    rows = held_by_offers(on, product.id)
    if not rows:
        return held
    moment = now()
    quoted = {key for (key,) in _QUOTED.rows(on, product_id=product.id, moment=moment)}
    for one in rows:
        month = max(one.ready_in, months[0])
        if month > months[-1]:
            continue
        state = state_at(moment, OfferFacts(one.opens_at, one.closes_at, one.withdrawn_at is not None))
        if one.ready_in < months[0] and state not in _ALIVE and one.offer_id not in quoted:
            continue  # what was taken of it has left with its month
        amount = held_of_capacity(state, one.quantity, one.taken, is_quoted=one.offer_id in quoted)
        held[month] += in_unit(amount, one.unit, product.unit, product) or Decimal(0)
    return dict(held)
