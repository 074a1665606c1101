"""Lines that answer a question about an offer of a lot take from that offer, once: the last one finds too little."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.i18n import formats
from marketplace.i18n.translations import current_locale
from marketplace.kernel.errors import Conflict
from marketplace.kernel.measures import Quantity
from marketplace.offers.measuring import in_unit
from marketplace.offers.models import SpotOffer
from marketplace.offers.queries import locked_offers, offers_by_key
from marketplace.offers.services import take
from marketplace.quotes.models import QuoteLine, QuoteVersion
from marketplace.quotes.queries.offered import offers_named
from marketplace.quotes.rules import LineAnswer


def lines_taking(session: Session, row: QuoteVersion) -> list[tuple[QuoteLine, int]]:
    """Lines that offer the very goods of the offer they were asked about, each with the offer's key."""
    named = offers_named(session, row.quote_id)
    found = []
    for line in row.lines:
        offer_id, product_id = named.get(line.rfq_line_id, (0, 0))
        if offer_id and line.product_id == product_id and line.answer != LineAnswer.NOT_AVAILABLE:
            found.append((line, offer_id))
    return found


def take_offers(session: Session, row: QuoteVersion) -> None:
    """An agreement takes its quantities from the offers it names. `Conflict` where less is left.

    The offers stay locked until the transaction ends, so that two agreements never take the same tonnes.
    """
    for offer, amount in _amounts(session, row, is_locked=True):
        take(session, offer, amount)


def require_left(session: Session, row: QuoteVersion) -> None:
    """Go on if the offers have what ``row`` needs of them. `Conflict` with the figures, which are the seller's own."""
    shortage = foreseen_short_offer(session, row)
    if shortage:
        raise Conflict(shortage)


def foreseen_short_offer(session: Session, row: QuoteVersion) -> str:
    """The sentence with which `require_left` would refuse ``row`` now; empty where nothing stands against it."""
    for offer, amount in _amounts(session, row, is_locked=False):
        if amount > offer.left:
            locale = current_locale()
            return str(
                _(
                    "You quote %(needed)s, but %(left)s of the offered lot is left. Quote less, or enlarge the offer.",
                    needed=formats.format_quantity(Quantity(amount, offer.unit), locale),
                    left=formats.format_quantity(Quantity(offer.left, offer.unit), locale),
                )
            )
    return ""


def _amounts(session: Session, row: QuoteVersion, *, is_locked: bool) -> list[tuple[SpotOffer, Decimal]]:
    """What ``row`` takes of each offer, in the offer's unit, in the order of the offers' keys."""
    taking = lines_taking(session, row)
    if not taking:
        return []
    keys = [key for _line, key in taking]
    offers = locked_offers(session, keys) if is_locked else offers_by_key(session, keys)
    needed: dict[int, Decimal] = defaultdict(Decimal)
    for line, key in taking:
        offer = offers[key]
        product: Product = offer.product
        if line.quantity is None:
            continue
        amount = in_unit(line.quantity, line.unit, offer.unit, product)
        if amount is None:
            raise Conflict(
                _("The quantity's unit does not fit the offered lot. Quote in %(unit)s.", unit=_unit(offer.unit))
            )
        needed[key] += amount
    return [(offers[key], amount) for key, amount in sorted(needed.items())]


def _unit(code: str) -> str:
    return formats.format_unit(code, current_locale(), is_plural=True)
